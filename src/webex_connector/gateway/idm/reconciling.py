"""
`/openidm/recon`: reconciliations and their reports.

Source: PingIDM, "Manage reconciliation"; `ReconciliationService` in OpenIDM.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from starlette.responses import Response

from webex_connector.gateway.idm import recon_forms as forms
from webex_connector.gateway.idm.actions import unsupported
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.gateway.idm.recon_asked import Known, Request, permitted
from webex_connector.gateway.idm.recons import Reconciliation, Reconciliations, State, Wish
from webex_connector.gateway.idm.rows import Placed, queried

RECON: Final = "recon"
ON_ALL: Final = ("recon", "reconById")
"""
What can be begun.
"""

_KNOWN = frozenset({"mapping", "id", "ids", "analyze", "waitForCompletion", "persistAssociations"})
_OVERRIDES = frozenset(
    {"runTargetPhase", "allowEmptySourceSet", "sourceQueryFullEntry", "targetQueryFullEntry", "taskThreads"}
)
"""
What a body may say. The last three change how upstream reads, not what comes of it, and do nothing here.
"""


class Reconciling:
    """
    Answers what is asked of reconciliations.
    """

    def __init__(self, recons: Reconciliations) -> None:
        self._recons = recons

    async def answer(self, asked: Request) -> Response:
        """
        Answer one request. Raises Problem, NotPermitted, Refused and ConnectionFailed.
        """
        match asked.method, asked.parts[1:]:
            case "GET", ():
                return await self._listed(asked)
            case "POST", ():
                return asked.answer(await self._begun(asked))
            case "GET", ("assoc",):
                return await self._associations(asked)
            case "GET", ("assoc", id_):
                found = await self._one(asked, id_)
                return asked.answer(forms.association(found, self._known.one(asked.client, found.mapping)))
            case "GET", ("assoc", id_, "entry"):
                return await self._entries(asked, id_)
            case _, (id_,):
                return asked.answer(await self._on_one(asked, id_))
            case _:
                raise Problem(404, f"Resource '{'/'.join(asked.parts)}' not found")

    @property
    def _known(self) -> Known:
        return Known(self._recons.mappings())

    async def _one(self, asked: Request, id_: str) -> Reconciliation:
        found = await self._recons.one(id_)
        if found is None or self._known.find(asked.client, found.mapping) is None:
            raise Problem(404, f"Reconciliation with id {id_} not found.")
        return found

    async def _mine(self, asked: Request) -> list[Reconciliation]:
        known = self._known
        return [each for each in await self._recons.latest() if known.find(asked.client, each.mapping) is not None]

    async def _listed(self, asked: Request) -> Response:
        known = self._known
        found = [forms.summary(each, known.find(asked.client, each.mapping)) for each in await self._mine(asked)]
        if not asked.queries:
            return asked.answer({"reconciliations": found})

        async def rows(after: int) -> AsyncIterator[Sequence[Placed]]:
            yield list(enumerate(found))[after + 1 :]

        return await queried(asked.parameters, asked.version, forms.SUMMARIES, rows)

    async def _associations(self, asked: Request) -> Response:
        known = self._known
        found = [forms.association(each, known.find(asked.client, each.mapping)) for each in await self._mine(asked)]

        async def rows(after: int) -> AsyncIterator[Sequence[Placed]]:
            yield list(enumerate(found))[after + 1 :]

        return await queried(asked.parameters, asked.version, forms.ASSOCIATIONS, rows)

    async def _entries(self, asked: Request, id_: str) -> Response:
        found = await self._one(asked, id_)

        async def rows(after: int) -> AsyncIterator[Sequence[Placed]]:
            async for page in self._recons.entries(found.id, after):
                yield [(each.number, forms.entry(found.id, each)) for each in page]

        return await queried(asked.parameters, asked.version, forms.ENTRIES, rows)

    async def _begun(self, asked: Request) -> object:
        if asked.action not in {each.lower() for each in ON_ALL}:
            raise unsupported(asked.parameters.text("_action"), RECON, ON_ALL)
        _refuse_others(asked.parameters)
        mapping = self._known.one(asked.client, asked.needed("mapping"))
        asked.parameters.flag("persistAssociations")
        wish = _wish(asked, mapping.name)
        permitted(asked.client, mapping, writes=not wish.analyze)
        waits = asked.parameters.flag("waitForCompletion")
        id_ = await self._recons.begin(wish, asked.client.name)
        if not waits:
            return {"_id": id_, "state": State.ACTIVE.value}
        await self._recons.ended(id_)
        found = await self._recons.one(id_)
        return {"_id": id_, "state": (State.SUCCESS if found is None else found.state).value}

    async def _on_one(self, asked: Request, id_: str) -> object:
        found = await self._one(asked, id_)
        mapping = self._known.one(asked.client, found.mapping)
        match asked.method, asked.action:
            case "GET", _:
                return forms.summary(found, mapping)
            case "DELETE", _:
                permitted(asked.client, mapping, writes=False)
                if not asked.dry:
                    await self._recons.remove(id_)
                return forms.summary(found, mapping)
            case "POST", "cancel":
                permitted(asked.client, mapping, writes=False)
                if found.state is not State.ACTIVE:
                    raise Problem(400, f"Reconciliation with id {id_} has ended: {found.state.value}")
                if not asked.dry:
                    await self._recons.cancel(id_, asked.client.name)
                return {"_id": id_, "action": "cancel", "status": "INITIATED"}
            case "POST", _:
                raise unsupported(asked.parameters.text("_action"), f"{RECON}/{id_}", ("cancel",))
            case _:
                raise Problem(501, f"Method {asked.method} not supported on {RECON}/{id_}")


def _refuse_others(parameters: Parameters) -> None:
    """
    Raise Problem (400) for a parameter that means nothing: a misspelt `analyze` must not write.
    """
    for name in parameters.others():
        if name not in _KNOWN:
            raise Problem(
                400,
                f"Unknown request parameter '{name}'; there are {', '.join(sorted(_KNOWN))}",
                detail={"parameter": name},
            )


def _wish(asked: Request, mapping: str) -> Wish:
    parameters = asked.parameters
    ids: tuple[str, ...] | None = None
    if asked.action == "reconbyid":
        parameters.only_one_of("id", "ids")
        given = [parameters.text("id") or "", *(parameters.text("ids") or "").split(",")]
        ids = tuple(each.strip() for each in given if each.strip())
        if not ids:
            raise Problem(400, "reconById needs the id of a record: id=100", detail={"parameter": "id"})
    elif parameters.has("id") or parameters.has("ids"):
        raise Problem(400, "recon takes no id; reconById does", detail={"parameter": "id"})
    body = _body(asked.body)
    target_phase = _truth(body, "runTargetPhase")
    return Wish(
        mapping,
        ids,
        asked.dry or parameters.flag("analyze"),
        False if ids is not None and target_phase is None else target_phase,
        _truth(body, "allowEmptySourceSet"),
    )


def _body(body: Any) -> dict[str, Any]:
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise Problem(400, "The body is no object")
    for name in body:
        if name not in _OVERRIDES:
            raise Problem(
                400,
                f"{name} cannot be overridden here; change the mapping in the sync file. "
                f"There are {', '.join(sorted(_OVERRIDES))}",
                detail={"field": name},
            )
    return body


def _truth(body: dict[str, Any], name: str) -> bool | None:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise Problem(400, f"{name} is true or false", detail={"field": name})
    return value
