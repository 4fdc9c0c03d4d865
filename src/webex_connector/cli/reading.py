"""
`list` and `get`.
"""

from dataclasses import replace
from typing import Annotated

from cyclopts import Parameter

from webex_connector.cli import output, words
from webex_connector.cli.common import DEFAULTS, Common, facade_of, signed
from webex_connector.cli.exits import Exit
from webex_connector.cli.table import Rows
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.filter import parse
from webex_connector.gateway.idm.objects import Fields, View, fields_of
from webex_connector.icf import names
from webex_connector.icf.errors import InvalidInput, UnknownUid
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING, equals
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import AttributeType, ObjectClassInfo
from webex_connector.webex.ids import is_id

COLUMNS = {
    names.ACCOUNT: ("displayName", "department", "title", "status"),
    names.GROUP: ("description", "memberSize"),
    "LICENSES": ("totalUnits", "consumedUnits", "siteUrl"),
}
"""
What a table shows of an object class beside name and id, where the first plain attributes are not the telling ones.
"""

ADDRESS = "emails"
"""
The attribute of an account by which people can be named in a command.
"""

# Where the address is not the name, as on classic meeting sites.
_OWN_ADDRESS = "email"

_FIRST = 4

FieldsOption = Annotated[
    str | None,
    Parameter(name="--fields", help="Only these attributes, with commas between them; * for the usual ones."),
]


async def list_(
    object_class: str,
    /,
    *,
    filter_: Annotated[str | None, Parameter(name="--filter")] = None,
    fields: FieldsOption = None,
    sort: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    limit: int | None = None,
    common: Common = DEFAULTS,
) -> Exit:
    """
    List objects, all or those that a filter matches, as they come.

    With --json each object is one line. A filter is written as over REST: eq, co, sw, ew, lt, le, gt, ge, pr, ca, in,
    joined by and, or, !, with parentheses.

    Parameters
    ----------
    object_class
        account, group, roles or licenses.
    filter_
        Only objects that match, such as 'emails eq "john@example.com"'.
    sort
        Attributes to sort by, with commas between them; a minus before one sorts downwards.
    limit
        At most that many objects.
    """
    if limit is not None and limit < 1:
        raise InvalidInput("--limit is one or more")
    node = EVERYTHING if filter_ is None else parse(filter_)
    async with facade_of(common) as facade:
        info = words.object_class(facade.schema, object_class)
        asked = _asked(fields)
        columns = _columns(info, asked if fields is not None else None)
        if fields is None and not common.as_json:
            asked = Fields(tuple(name for name in columns if name != "_id"), defaults=False, revision=False)
        options = replace(_reading(asked), sort_keys=words.sort_keys(sort), page_size=limit or 0)
        view = View(info, asked)
        table = None if common.as_json else Rows(columns)
        found = 0
        async for batch in facade.search(info.name, node, options):
            rows = [view.row(each) for each in batch]
            found += len(rows)
            if table is None:
                output.show_json_lines(rows)
            else:
                table.add(rows)
    if not found:
        output.note("Nothing found.")
    return Exit.OK


async def get(
    object_class: str,
    who: str,
    /,
    *,
    fields: FieldsOption = None,
    common: Common = DEFAULTS,
) -> Exit:
    """
    Show one object.

    Parameters
    ----------
    object_class
        account, group, roles or licenses.
    who
        Its name, for people their e-mail address, or its id.
    """
    async with facade_of(common) as facade:
        info = words.object_class(facade.schema, object_class)
        asked = _asked(fields)
        view = View(info, asked)
        uid = await uid_of(facade, info, who, signed())
        row = view.row(await facade.get(info.name, uid, _reading(asked)))
    if common.as_json:
        output.show_json(row)
    else:
        output.show_pairs(row)
    return Exit.OK


async def uid_of(facade: Facade, info: ObjectClassInfo, who: str, options: OperationOptions) -> str:
    """
    Return the uid of an object named by its uid or by its name, which for people is an e-mail address.

    Raises UnknownUid when nothing has this name, and InvalidInput when several have it.
    """
    if is_id(who):
        return who
    listing = f"webex-connector list {words.word_for(info)}"
    if info.has(ADDRESS) and info.name == names.ACCOUNT and "@" not in who:
        raise UnknownUid(
            f"{who} is neither an e-mail address nor an id; to find somebody: "
            f"{listing} --filter 'displayName sw \"{who}\"'",
        )
    only_uid = replace(options, attributes_to_get=(), page_size=2)
    found = [each async for batch in facade.search(info.name, equals(names.NAME, who), only_uid) for each in batch]
    if not found and "@" in who and info.has(_OWN_ADDRESS):
        by_address = facade.search(info.name, equals(_OWN_ADDRESS, who), only_uid)
        found = [each async for batch in by_address for each in batch]
    if not found:
        raise UnknownUid(f"There is no {info.name} named {who}; to see what there is: {listing}")
    if len(found) > 1:
        raise InvalidInput(f"There are several {info.name} named {who}; use the id of one: {listing}")
    return found[0].uid


def _asked(fields: str | None) -> Fields:
    try:
        return replace(fields_of(fields), revision=False)
    except Problem as problem:
        raise InvalidInput(problem.message) from None


def _reading(asked: Fields) -> OperationOptions:
    return replace(signed(), attributes_to_get=asked.to_get, return_default_attributes=asked.with_defaults)


def _columns(info: ObjectClassInfo, asked: Fields | None) -> list[str]:
    """
    Return the columns of a table: what was asked for, or the name and a few plain attributes. The id is last, since it
    is long; people on a terminal are shown without, since their address does wherever an id is asked for.
    """
    if asked is not None and not asked.defaults:
        return [*_asked_for(info, asked), "_id"]
    name = info.name_attribute or names.NAME
    told = COLUMNS.get(info.name, ())
    plain = (
        told
        if told and all(map(info.has, told))
        else [
            fact.name
            for fact in info.attributes
            if fact.name in info.defaults
            and fact.type is not AttributeType.MAP
            and fact.refers_to is None
            and not fact.many
        ]
    )
    without_id = asked is None and info.name_attribute == ADDRESS and output.on_terminal()
    columns = (name, *plain[:_FIRST], *([] if asked is None else _asked_for(info, asked)))
    return [*dict.fromkeys(columns), *([] if without_id else ["_id"])]


def _asked_for(info: ObjectClassInfo, asked: Fields) -> list[str]:
    return [found for found in (info.attribute(name).name for name in asked.attributes) if found != names.UID]
