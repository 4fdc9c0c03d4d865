"""
A connector elsewhere as one of the model, where the contract checks do not look.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from fakes.memory_connector import MemoryConnector, staff
from fakes.remote_client import CONNECTOR, KEY, MemoryKind, serving
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote import options as wire_options
from webex_connector.gateway.remote.client.calling import Calling
from webex_connector.gateway.remote.client.connector import RemoteConnector, opened
from webex_connector.gateway.remote.client.filters import translated
from webex_connector.gateway.remote.client.following import Following
from webex_connector.gateway.remote.client.schema import RemoteClass
from webex_connector.gateway.remote.client.server import Server
from webex_connector.gateway.remote.client.values import boxed_all, object_in
from webex_connector.gateway.remote.codec.objects import Attribute, Name, ObjectClass, Uid
from webex_connector.gateway.remote.codec.objects import ConnectorObject as WireObject
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import BigInteger, Byte, Character, Float, Long, Set, ZonedDateTime
from webex_connector.gateway.remote.profiles import OPENICF
from webex_connector.icf import names
from webex_connector.icf.attributes import added, replaced
from webex_connector.icf.errors import InvalidAttributeValue, InvalidOption, UnsupportedOperation
from webex_connector.icf.filters import EVERYTHING, NOTHING, And, Compare, EqualsList, Filter, Not, Operator, Or, equals
from webex_connector.icf.options import OperationOptions, TotalPolicy
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

OPTIONS = OperationOptions()
INFO = ObjectClassInfo(
    "NOTE",
    "",
    (AttributeInfo("text", ""), AttributeInfo("tags", "", many=True), AttributeInfo("at", "", AttributeType.TIMESTAMP)),
)
NOTE = RemoteClass(INFO, {"text": "String"}, frozenset())


@asynccontextmanager
async def _far(clock: VirtualClock, connector: MemoryConnector) -> AsyncIterator[RemoteConnector]:
    async with serving(clock, kind=MemoryKind(clock, connector), profile=OPENICF) as served:
        server = Server(served.platform.host, served.platform.port, Secret(KEY))
        yield await opened(Calling(server, CONNECTOR, served.platform.facade_key))


def _handler(connector: RemoteConnector) -> Any:
    return connector.handlers[names.ACCOUNT]


async def test_a_change_made_in_part_is_a_result(clock: VirtualClock) -> None:
    """
    By the older operations a change takes several steps. When a later one is refused, what was made before is not
    hidden by an error: the result says what was not made.
    """
    connector = MemoryConnector()
    staff(connector, 1)
    async with _far(clock, connector) as far:
        handler = _handler(far)
        result = await handler.update("P-0001", [replaced("title", "Lead"), added("orgId", "another")], OPTIONS)
        with pytest.raises(InvalidAttributeValue):
            await handler.update("P-0001", [added("orgId", "another")], OPTIONS)

    assert ["Lead"] == _listed(connector.world[names.ACCOUNT]["P-0001"]["title"])
    ((attribute, reason),) = ((each.attribute, each.reason) for each in result.not_applied)
    assert "orgId" == attribute
    assert "read-only" in reason


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


async def test_a_server_that_knows_no_dry_run_is_asked_for_none(
    clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Where the schema has no option for it a dry run is refused here: the server would make the change.
    """
    known: Mapping[str, Any] = {name: kind for name, kind in wire_options.KNOWN.items() if name != wire_options.DRY_RUN}
    monkeypatch.setattr(wire_options, "KNOWN", known)
    connector = MemoryConnector()
    staff(connector, 1)
    async with _far(clock, connector) as far:
        with pytest.raises(UnsupportedOperation, match="without making it"):
            await _handler(far).delete("P-0001", OperationOptions(dry_run=True))

    assert "P-0001" in connector.world[names.ACCOUNT]


async def test_it_goes_by_pages_where_somebody_may_go_on(clock: VirtualClock) -> None:
    """
    Everything comes in one stream; for pages and exact counts each batch has a place to go on from.
    """
    connector = MemoryConnector()
    staff(connector, 1_100)
    async with _far(clock, connector) as far:
        handler = _handler(far)
        stream = [each async for each in handler.search(None, frozenset(), None, OPTIONS)]
        counting = OperationOptions(total_policy=TotalPolicy.EXACT)
        pages = [each async for each in handler.search(None, frozenset(), None, counting)]
        rest = [each async for each in handler.search(None, frozenset(), pages[0].resume, OPTIONS)]

    assert [200] * 5 + [100] == [len(each.objects) for each in stream]
    assert [500, 500, 100] == [len(each.objects) for each in pages]
    assert pages[1].objects[0].uid == rest[0].objects[0].uid
    assert pages[-1].resume is None


@pytest.mark.parametrize("token", ["", "1", "text", "int:x", "float:1"])
async def test_a_token_of_somebody_else_is_refused(token: str) -> None:
    """
    A token has the type of the server's in front of it; without one it is none, and nobody is asked.
    """
    following = Following(NOTE, Calling(Server("nowhere.invalid", 1, Secret("")), CONNECTOR, ""), frozenset())
    with pytest.raises(InvalidOption):
        await anext(aiter(following.sync(token, OPTIONS)))


@pytest.mark.parametrize(
    ("node", "left"),
    [
        (EVERYTHING, EVERYTHING),
        (equals("text", "a"), EVERYTHING),
        (equals("tags", "a"), EVERYTHING),
        (Not(And((equals("text", "a"), EqualsList("tags", ("b",))))), EVERYTHING),
        (NOTHING, NOTHING),
        (Compare("tags", Operator.CONTAINS, "a"), Compare("tags", Operator.CONTAINS, "a")),
        (Compare("at", Operator.LESS, "2026"), Compare("at", Operator.LESS, "2026")),
        (And((equals("text", "a"), EqualsList("at", ()))), EqualsList("at", ())),
        (Or((equals("text", "a"), EqualsList("at", ()))), Or((equals("text", "a"), EqualsList("at", ())))),
    ],
)
def test_a_server_is_sent_what_it_means_the_same_by(node: Filter, left: Filter) -> None:
    """
    Filters that Java evaluates otherwise, of many values or of times, are left to the facade; the others are sent.
    """
    assert left == translated(node, NOTE).remainder


@pytest.mark.parametrize(
    ("kind", "value", "sent"),
    [
        ("Integer", 3, 3),
        ("Long", 3, Long(3)),
        ("Byte", 3, Byte(3)),
        ("BigInteger", 3, BigInteger("3")),
        ("double", 3, 3.0),
        ("float", 3, Float(3)),
        ("Character", "x", Character("x")),
        ("ZonedDateTime", "2026-01-01T00:00Z", ZonedDateTime("2026-01-01T00:00Z")),
        ("String", "x", "x"),
    ],
)
def test_values_travel_in_the_types_of_the_schema(kind: str, value: Any, sent: object) -> None:
    """
    Java casts: a number goes as the type that the schema told.
    """
    assert (sent,) == boxed_all("size", (value,), RemoteClass(INFO, {"size": kind}, frozenset()))


def test_an_object_without_uid_is_none() -> None:
    """
    What came without a uid is refused; attributes that the schema does not have are passed over.
    """
    given = (Name("a"), Attribute("text", ("x",)), Attribute("odd", (1,)), Attribute("tags"))
    with pytest.raises(Malformed):
        object_in(WireObject(ObjectClass("NOTE"), Set(given)), NOTE)
    found = object_in(WireObject(ObjectClass("NOTE"), Set((*given, Uid("1", "7")))), NOTE)
    assert ("1", "a", {"text": ("x",)}, "7") == (found.uid, found.name, found.attributes, found.revision)
