"""
`changes`: what happened to objects since a token.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import Parameter

from webex_connector.cli import output, words
from webex_connector.cli.common import DEFAULTS, Common, facade_of, signed
from webex_connector.cli.exits import Exit
from webex_connector.cli.table import Rows
from webex_connector.gateway.idm.objects import View
from webex_connector.icf.errors import InvalidInput
from webex_connector.icf.operations import SyncDelta
from webex_connector.icf.schema import Schema

_TOGETHER = 50


async def changes(
    object_class: str,
    /,
    *,
    since: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    now: Annotated[bool, Parameter(negative="")] = False,
    common: Common = DEFAULTS,
) -> Exit:
    """
    Tell what changed since a token, and the token to go on from.

    Without a token everything there is is told. With --json each change is one line, with the token to go on from
    after it.

    Parameters
    ----------
    object_class
        account, group, or all for both.
    since
        The token that an earlier call gave.
    now
        Tell of nothing, and give the token of now.
    """
    if now and since is not None:
        raise InvalidInput("--now gives a token, --since takes one; they exclude each other")
    async with facade_of(common) as facade:
        info = words.object_class(facade.schema, object_class)
        if now:
            token = await facade.latest_token(info.name, signed())
            if common.as_json:
                output.show_json({"token": token})
            else:
                output.show_text(token or "")
            return Exit.OK
        told = _Told(facade.schema, as_json=common.as_json)
        async for delta in facade.sync(info.name, since, signed()):
            told.add(delta)
        told.end(since)
    return Exit.OK


class _Told:
    """
    Shows changes as they come, a few together.
    """

    def __init__(self, schema: Schema, *, as_json: bool) -> None:
        self._views = {info.name: View(info) for info in schema.object_classes}
        self._table = None if as_json else Rows(("change", "name", "_id"))
        self._waiting: list[Mapping[str, Any]] = []
        self._token: str | None = None

    def add(self, delta: SyncDelta) -> None:
        self._token = delta.token
        found = delta.object
        row: dict[str, Any] = {"change": delta.type.value, "_id": delta.uid}
        if self._table is None:
            row["token"] = delta.token
            if found is not None:
                row["object"] = self._views[found.object_class].row(found)
        elif found is not None:
            row["name"] = found.name
        self._waiting.append(row)
        if len(self._waiting) == _TOGETHER:
            self._show()

    def end(self, since: str | None) -> None:
        if self._waiting:
            self._show()
        if self._token is None:
            output.note("Nothing changed.")
        if self._table is not None and (self._token or since):
            output.note(f"To go on from here: --since {self._token or since}")

    def _show(self) -> None:
        if self._table is None:
            output.show_json_lines(self._waiting)
        else:
            self._table.add(self._waiting)
        self._waiting = []
