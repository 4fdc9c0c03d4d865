"""
What a platform does with a connector by the protocol of OpenICF, over a WebSocket.
"""

from typing import Any

import pytest

from fakes.memory_connector import MemoryConnector, Traits, staff
from fakes.memory_following import FollowedHandler
from fakes.openicf_client import FACADE_KEY, options, serving
from fakes.remote_client import CONNECTOR, MemoryKind, Platform, Refused
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.description import APIConfiguration, ConnectorInfo
from webex_connector.gateway.remote.codec.filters import AttributeFilter, Comparison, PresenceFilter
from webex_connector.gateway.remote.codec.objects import Attribute, ConnectorObject, Name, SortKey, Uid
from webex_connector.gateway.remote.codec.schema import ObjectClassInfo, Schema
from webex_connector.gateway.remote.codec.streams import read, written
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Long, Map, Set, Value
from webex_connector.gateway.remote.openicf.messages import new
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf import names

ANNA = (Name("anna@example.com"), Attribute("displayName", ("Anna",)), Attribute("licenses", ("L1",)))


def creating(*attributes: Value) -> Any:
    """
    Return a request for a new account.
    """
    return new("Create", object_class=names.ACCOUNT, attributes=written(Set(attributes)))


def changing(kind: int, uid: str, *attributes: Value) -> Any:
    """
    Return a request for a change: 0 replaces, 1 adds, 2 removes.
    """
    who = new("Uid", value=uid)
    return new("Update", object_class=names.ACCOUNT, uid=who, type=kind, attributes=written(Set(attributes)))


def of(uid: str, kind: str = "Get", object_class: str = names.ACCOUNT) -> Any:
    """
    Return a request that is about one object.
    """
    return new(kind, object_class=object_class, uid=new("Uid", value=uid))


def uids(found: list[Any]) -> list[str]:
    """
    Return the uids of the objects of a stream.
    """
    return [each.uid for one in found for blob in read(one.attributes) for each in blob if isinstance(each, Uid)]  # type: ignore[attr-defined]  # a set


async def test_connectors_are_listed(clock: VirtualClock) -> None:
    """
    A platform learns each connector with its properties, and of no operation that OpenICF does not know.
    """
    async with serving(clock) as served, served.line() as line:
        (info,) = await line.connectors()

    assert isinstance(info, ConnectorInfo)
    assert CONNECTOR == info.key
    assert isinstance(info.configuration, APIConfiguration)
    assert JavaClass("UpdateDeltaApiOp") not in (info.configuration.operations or ())
    assert info.configuration.properties is not None
    assert "system" == info.configuration.properties.properties[0].name


async def test_a_life_is_led(clock: VirtualClock) -> None:
    """
    An account is made, read, changed in each of the three ways, found by its name and deleted; then it is nowhere.
    """
    async with serving(clock) as served, served.line() as line:
        world = served.kind.connector.world[names.ACCOUNT]
        await line.call(validate=new("Nothing"))
        await line.call(test=new("Nothing"))
        uid = (await line.call(create=creating(*ANNA))).create.uid.value
        assert ["anna@example.com"] == world[uid]["emails"]

        for kind, given in enumerate((("title", "Chair"), ("licenses", "L2"), ("licenses", "L1"))):
            told = await line.call(update=changing(kind, uid, Attribute(given[0], (given[1],))))
            assert uid == told.update.uid.value
        assert ("Chair", ["L2"]) == (world[uid]["title"], world[uid]["licenses"])

        (found,) = read((await line.call(get=of(uid))).get.value)
        assert isinstance(found, ConnectorObject)
        assert {Uid(uid), Name("anna@example.com"), Attribute("title", ("Chair",))} < set(found.attributes.members)
        asked = new("Resolve", object_class=names.ACCOUNT, username="anna@example.com")
        assert uid == (await line.call(resolve=asked)).resolve.uid.value

        assert (await line.call(delete=of(uid, "Delete"))).HasField("delete")
        assert not world
        assert not (await line.call(get=of(uid))).get.value
        with pytest.raises(Refused) as refused:
            await line.call(delete=of(uid, "Delete"))
    assert "UnknownUidException" == refused.value.java_class
    assert {"remote"} == {entry.intent.actor.door for entry in served.kind.journal.entries}


async def test_complex_values_are_maps(clock: VirtualClock) -> None:
    """
    A telephone number comes and goes as a map.
    """
    number = Map((("type", "work"), ("value", "+1")))
    async with serving(clock) as served, served.line() as line:
        uid = (await line.call(create=creating(*ANNA, Attribute("phoneNumbers", (number,))))).create.uid.value
        row = served.kind.connector.world[names.ACCOUNT][uid]
        wanted = options(ATTRS_TO_GET=Array(JavaClass("String"), ("phoneNumbers",)))
        asked = new("Get", object_class=names.ACCOUNT, uid=new("Uid", value=uid), options=wanted)
        (found,) = read((await line.call(get=asked)).get.value)

    assert [{"type": "work", "value": "+1"}] == row["phoneNumbers"]
    assert isinstance(found, ConnectorObject)
    assert Attribute("phoneNumbers", (number,)) in found.attributes.members


async def test_the_schema_is_told(clock: VirtualClock) -> None:
    """
    A platform learns the object classes.
    """
    async with serving(clock) as served, served.line() as line:
        (schema,) = read((await line.call(schema=new("Nothing"))).schema.value)

    assert isinstance(schema, Schema)
    classes = [each.name for each in schema.object_classes if isinstance(each, ObjectClassInfo)]
    assert [names.ACCOUNT, names.GROUP, "LICENSES", "ROLES"] == sorted(classes, key=str.swapcase)


async def test_everybody_is_streamed_in_order(clock: VirtualClock) -> None:
    """
    A thousand people arrive one by one with their places in the stream, and the end says how many were sent. What
    nobody counted is -1, since a number that is left out would be read as zero.
    """
    kind = MemoryKind(clock)
    staff(kind.connector, 1000)
    async with serving(clock, kind=kind) as served, served.line() as line:
        found, result = await line.search()

    assert sorted(kind.connector.world[names.ACCOUNT]) == sorted(uids(found))
    assert (1000, "", -1, -1) == (len(found), result.cookie, result.total, result.remaining)
    assert {names.ACCOUNT} == {each.object_class for each in found}


async def test_nobody_is_a_stream_of_its_own(clock: VirtualClock) -> None:
    """
    A search that finds nothing still ends.
    """
    async with serving(clock) as served, served.line() as line:
        found, _ = await line.search()

    assert not found


async def test_searches_filter_sort_and_page(clock: VirtualClock) -> None:
    """
    Filters of OpenICF are applied, sort keys followed, and pages told by cookies until there are no more.
    """
    kind = MemoryKind(clock)
    staff(kind.connector, 5)
    everybody = sorted(kind.connector.world[names.ACCOUNT])
    keys = Array(JavaClass("SortKey"), (SortKey(names.NAME, ascending=False),))
    async with serving(clock, kind=kind) as served, served.line() as line:
        one, _ = await line.search(filter=written(AttributeFilter(Comparison.EQUALS, Uid(everybody[2]))))
        present, _ = await line.search(filter=written(PresenceFilter("displayName")))
        turned, _ = await line.search(options=options(SORT_KEYS=keys))
        pages: list[list[str]] = []
        cookie = ""
        while cookie or not pages:
            more: dict[str, Value] = {"PAGED_RESULTS_COOKIE": cookie} if cookie else {}
            page, result = await line.search(options=options(PAGE_SIZE=2, **more))
            pages.append(uids(page))
            cookie = result.cookie

    assert [everybody[2]] == uids(one)
    assert 5 == len(present)
    assert everybody == uids(turned)[::-1]
    assert [2, 2, 1] == [len(each) for each in pages]
    assert everybody == sorted(uid for page in pages for uid in page)


async def test_a_stream_that_breaks_never_ends_politely(clock: VirtualClock) -> None:
    """
    When the second batch cannot be read, the platform gets an exception after the first, and no end.
    """
    kind = MemoryKind(clock, MemoryConnector(Traits(failing_batch=2)))
    staff(kind.connector, 150)
    async with serving(clock, kind=kind) as served, served.line() as line:
        with pytest.raises(Refused, match=r"batch 2 broke \(tracking id MEMORY_1\)") as refused:
            await line.search()

    assert "ConnectionBrokenException" == refused.value.java_class


async def test_changes_are_followed(clock: VirtualClock) -> None:
    """
    From the token of now on, a new account is a change with a token of its own, and the end has the same one.
    """
    kind = MemoryKind(clock)
    plain = kind.connector._handlers[names.ACCOUNT]
    kind.connector._handlers[names.ACCOUNT] = FollowedHandler(
        plain.info, kind.connector.world[names.ACCOUNT], kind.connector.traits, kind.connector.traffic
    )
    async with serving(clock, kind=kind) as served, served.line() as line:
        latest = new("Sync", latest=new("SyncLatest", object_class=names.ACCOUNT))
        token = (await line.call(sync=latest)).sync.latest.token
        uid = (await line.call(create=creating(*ANNA))).create.uid.value
        since = new("SyncSince", object_class=names.ACCOUNT, token=token)
        number = await line.begin(sync=new("Sync", since=since))
        change = (await line.answer(number)).sync.since
        end = (await line.answer(number)).sync.since

    assert (1, 1) == (change.sequence, end.sequence)
    assert (uid, names.ACCOUNT) == (change.delta.uid.value, change.delta.object_class)
    assert change.delta.token.value == end.token.value != token.value
    (attributes,) = read(change.delta.attributes)
    assert isinstance(attributes, Set)
    assert Name("anna@example.com") in attributes.members


@pytest.mark.parametrize(
    ("operation", "java_class"),
    [
        ({"create": creating(Name("a@b"))}, "InvalidAttributeValueException"),
        ({"create": creating(*ANNA, Attribute("nope", ("x",)))}, "InvalidAttributeValueException"),
        (
            {"create": new("Create", object_class="nope", attributes=written(Set(ANNA)))},
            "UnsupportedOperationException",
        ),
        ({"create": new("Create", object_class=names.ACCOUNT)}, "IllegalArgumentException"),
        ({"create": new("Create", object_class=names.ACCOUNT, attributes=b"\0")}, "IllegalArgumentException"),
        ({"update": changing(0, "nobody", Attribute("title", ("x",)))}, "UnknownUidException"),
        ({"update": changing(7, "nobody", Attribute("title", ("x",)))}, "IllegalArgumentException"),
        ({"delete": of("nobody", "Delete")}, "UnknownUidException"),
        ({"resolve": new("Resolve", object_class=names.ACCOUNT, username="nobody")}, "UnknownUidException"),
        (
            {"authenticate": new("Authenticate", username="a", password=written(Secret("b")))},
            "UnsupportedOperationException",
        ),
        ({"resource_script": new("RunScript")}, "UnsupportedOperationException"),
        ({"search": new("Search", object_class=names.ALL)}, "UnsupportedOperationException"),
        ({"search": new("Search", object_class=names.ACCOUNT, options=written(Long(1)))}, "IllegalArgumentException"),
        (
            {"sync": new("Sync", since=new("SyncSince", object_class=names.ACCOUNT))},
            "UnsupportedOperationException",
        ),
        ({}, "UnsupportedOperationException"),
        ({"test": new("Nothing"), "validate": new("Nothing")}, "IllegalArgumentException"),
    ],
)
async def test_what_goes_wrong_has_a_java_class(
    clock: VirtualClock, operation: dict[str, Any], java_class: str
) -> None:
    """
    Each kind of failure is told by the class that platforms look for, nothing is made, and the socket goes on.
    """
    async with serving(clock) as served, served.line() as line:
        with pytest.raises(Refused) as refused:
            await line.call(**operation)
        await line.call(test=new("Nothing"))

    assert java_class == refused.value.java_class
    assert not served.kind.connector.world[names.ACCOUNT]


@pytest.mark.parametrize("facade_key", [b"\xff", b"?", b""], ids=["no text", "no base64", "nothing"])
async def test_a_facade_key_that_is_none_is_refused(clock: VirtualClock, facade_key: bytes) -> None:
    """
    Without a configuration there is no operation.
    """
    async with serving(clock) as served, served.line() as line:
        with pytest.raises(Refused, match="facade key") as refused:
            await line.call(facade_key, test=new("Nothing"))

    assert "IllegalArgumentException" == refused.value.java_class


async def test_a_reader_writes_nothing(clock: VirtualClock) -> None:
    """
    The key may be worth reading alone, and only systems of the settings, which need no secret of the platform.
    """
    system = Platform("", 0, configuration={"system": "webex"}).facade_key.encode()
    async with serving(clock, client=Client("reader", role=Role.READER)) as served, served.line() as line:
        with pytest.raises(Refused, match="configure"):
            await line.call(FACADE_KEY, schema=new("Nothing"))
        assert (await line.call(system, schema=new("Nothing"))).schema.value
        with pytest.raises(Refused, match="write") as refused:
            await line.call(system, create=creating(*ANNA))

    assert "PermissionDeniedException" == refused.value.java_class
    assert not served.kind.connector.world[names.ACCOUNT]


async def test_a_broken_configuration_is_no_secret_in_the_log(
    clock: VirtualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Neither the key nor what a platform's configuration holds is ever logged.
    """
    async with serving(clock) as served, served.line() as line:
        with pytest.raises(Refused):
            await line.call(FACADE_KEY[:-8], test=new("Nothing"))
        await line.call(test=new("Nothing"))

    told = capsys.readouterr()
    assert "right" not in told.out + told.err
    assert "changeit" not in told.out + told.err
