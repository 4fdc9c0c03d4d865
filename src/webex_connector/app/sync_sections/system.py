"""
Another named system as a source: `[sources.<name>]` with `type = "system"`.
"""

from collections.abc import Callable
from functools import partial
from typing import cast

from webex_connector.app.sync_sections.around import Around
from webex_connector.app.table import Table
from webex_connector.gateway.idm.filter import parse
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.icf.errors import InvalidInput
from webex_connector.icf.filters import EVERYTHING, Filter, checked
from webex_connector.icf.schema import ObjectClassInfo, Operation
from webex_connector.sync.sources.source import Source
from webex_connector.sync.sources.system import FollowedSystemSource, SourceSystem, SystemPart, SystemSource

NAME = "system"

PROPERTIES: tuple[Property, ...] = (
    Property("system", "The name of a system in the settings.", required=True),
    Property("object_class", "Which of its objects are records; their key is their uid.", default="__ACCOUNT__"),
    Property("filter", "Which of these, as `_queryFilter` over REST."),
    Property(
        "attributes",
        "The attributes to ask for; without it, those that the mapping uses, or, where that uses records as a whole, "
        "those that come by default.",
        PropertyType.LIST,
    ),
    Property(
        "changes",
        "Whether it is followed by what the system tells of its changes, where it tells any; else by comparison.",
        PropertyType.BOOLEAN,
        default=True,
    ),
)


def read(table: Table, around: Around) -> Callable[[str], Source] | None:
    """
    Return how the source is opened; None, with everything noted, when something is wrong.
    """
    values = table.values(PROPERTIES)
    if not values:
        return None
    name = str(values["system"])
    if name not in around.schemas:
        table.wrong("system", f"is no system; there are: {', '.join(around.schemas) or 'none'}")
        return None
    try:
        info = around.schemas[name].object_class(str(values["object_class"]))
    except InvalidInput as problem:
        table.wrong("object_class", problem.message)
        return None
    attributes = cast("tuple[str, ...] | None", values["attributes"]) or ()
    node = _filter(table, str(values["filter"] or ""), info)
    unknown = [each for each in attributes if not info.has(each)]
    if unknown:
        table.wrong("attributes", f"has {', '.join(unknown)}, which {info.name} has not")
    if node is None or unknown:
        return None
    part = SystemPart(name, info, tuple(info.attribute(each).name for each in attributes), node)
    operations = around.schemas[name].operations.get(info.name, frozenset())
    kind = FollowedSystemSource if values["changes"] and Operation.SYNC in operations else SystemSource
    return partial(_opened, kind=kind, part=part, target=around.systems.get(name))


def _filter(table: Table, text: str, info: ObjectClassInfo) -> Filter | None:
    try:
        return checked(parse(text), info) if text else EVERYTHING
    except InvalidInput as problem:
        table.wrong("filter", problem.message)
    return None


def _opened(name: str, *, kind: type[SystemSource], part: SystemPart, target: SourceSystem | None) -> Source:
    return kind(name, part, target)
