"""
What a platform does with a connector, over a socket.
"""

import pytest

from fakes.memory_connector import person
from fakes.remote_client import CONNECTOR, MemoryKind, Refused, serving
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.description import APIConfiguration, ConnectorInfo
from webex_connector.gateway.remote.codec.filters import AttributeFilter, Comparison
from webex_connector.gateway.remote.codec.messages import EchoMessage, HelloRequest, HelloResponse
from webex_connector.gateway.remote.codec.objects import (
    Attribute,
    AttributeDelta,
    ConnectorObject,
    Name,
    ObjectClass,
    OperationOptions,
    SyncToken,
    Uid,
)
from webex_connector.gateway.remote.codec.schema import AttributeInfoFlag
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Long, Map, Set, Value
from webex_connector.gateway.remote.profiles import OPENICF
from webex_connector.gateway.rights import Client, Right, Role
from webex_connector.icf import names
from webex_connector.icf.options import Actor

ACCOUNT = ObjectClass(names.ACCOUNT)
ANNA = Set(
    (
        Name("anna@example.com"),
        Attribute("displayName", ("Anna",)),
        Attribute("licenses", ("L1",)),
    )
)


def attributes(found: ConnectorObject) -> dict[str, object]:
    """
    Return the attributes of an object by name; uid and name under their own.
    """
    told: dict[str, object] = {}
    for each in found.attributes:
        if isinstance(each, Attribute):
            told[each.name] = each.values
        elif isinstance(each, Uid):
            told[names.UID] = each.uid
        elif isinstance(each, Name):
            told[names.NAME] = each.value
    return told


def reading(*wanted: str) -> OperationOptions:
    """
    Return options that ask for these attributes.
    """
    return OperationOptions(Map((("ATTRS_TO_GET", Array(JavaClass("String"), wanted)),)))


@pytest.mark.parametrize(
    ("level", "server", "keys", "connectors"),
    [(4, 1, 0, 0), (16, 0, 1, 0), (20, 1, 1, 1), (0, 0, 0, 0)],
)
async def test_a_greeting_is_answered_with_what_was_asked(
    clock: VirtualClock, level: int, server: int, keys: int, connectors: int
) -> None:
    """
    The level of a greeting is a mask: the server's start, the names of the connectors, and everything about them.
    """
    async with serving(clock) as served, served.platform.connected() as wire:
        answer = await served.platform.ask(wire, HelloRequest(level))

    assert isinstance(answer, HelloResponse)
    assert (server, keys, connectors) == (len(answer.server.pairs), len(answer.keys), len(answer.connectors))
    assert answer.exception is None
    assert all(isinstance(value, Long) for _, value in answer.server.pairs)


async def test_a_connector_is_described(clock: VirtualClock) -> None:
    """
    A platform learns the connector's properties with their types, order, secrecy and texts; the first is `system`.
    """
    async with serving(clock) as served, served.platform.connected() as wire:
        answer = await served.platform.ask(wire, HelloRequest(20))
    assert isinstance(answer, HelloResponse)
    (info,) = answer.connectors
    assert isinstance(info, ConnectorInfo)
    assert isinstance(info.configuration, APIConfiguration)
    assert info.configuration.properties is not None
    told = {each.name: each for each in info.configuration.properties.properties}

    assert CONNECTOR == info.key
    assert ["system", "serviceUri", "clientSecret", "classes", "claims", "pool"] == list(told)
    assert [1, 2, 3, 4, 5, 6] == [each.order for each in told.values()]
    assert ["clientSecret"] == [each.name for each in told.values() if each.confidential]
    assert ["String", "String", "GuardedString", "String[]", "String", "Long"] == [
        each.type.name + "[]" * each.type.depth for each in told.values() if each.type
    ]
    assert Long(10) == told["pool"].value
    assert info.messages is not None
    ((_, catalog),) = info.messages.catalogs.pairs
    assert isinstance(catalog, Map)
    assert "Where it''s '{'found'}'." == catalog.get("serviceUri.help")
    assert "Service Uri" == catalog.get("serviceUri.display")
    assert "In memory" == catalog.get(info.display_name_key or "")


async def test_the_openicf_profile_names_no_class_that_openicf_lacks(clock: VirtualClock) -> None:
    """
    One class that it does not know would cost an OpenICF client the whole list.
    """
    async with serving(clock, profile=OPENICF) as served, served.platform.connected() as wire:
        answer = await served.platform.ask(wire, HelloRequest(20))
        schema = await served.platform.call("SchemaApiOp", "schema")
    assert isinstance(answer, HelloResponse)
    (info,) = answer.connectors
    assert isinstance(info, ConnectorInfo)
    assert isinstance(info.configuration, APIConfiguration)

    assert JavaClass("UpdateDeltaApiOp") not in (info.configuration.operations or ())
    assert "UpdateDeltaApiOp" not in {key.name for key, _ in schema.object_classes_by_operation.pairs}


async def test_an_echo_comes_back(clock: VirtualClock) -> None:
    """
    An echo is answered by itself.
    """
    async with serving(clock) as served, served.platform.connected() as wire:
        assert EchoMessage("hallo") == await served.platform.ask(wire, EchoMessage("hallo", "<x/>"))


async def test_a_life_is_led(clock: VirtualClock) -> None:
    """
    An account is made, read, changed in each of the four ways, found and deleted; then it is nowhere.
    """
    async with serving(clock) as served:
        platform = served.platform
        uid = await platform.call("CreateApiOp", "create", ACCOUNT, ANNA, None)
        assert isinstance(uid, Uid)
        assert ["anna@example.com"] == served.kind.connector.world[names.ACCOUNT][uid.uid]["emails"]

        changed = Set((Attribute("title", ("Chair",)),))
        assert uid == await platform.call("UpdateApiOp", "update", ACCOUNT, uid, changed, None)
        more = Set((Attribute("licenses", ("L2",)),))
        await platform.call("UpdateApiOp", "addAttributeValues", ACCOUNT, uid, more, None)
        await platform.call(
            "UpdateApiOp", "removeAttributeValues", ACCOUNT, uid, Set((Attribute("licenses", ("L1",)),)), None
        )
        deltas = Set((AttributeDelta("licenses", add=("L3",)), AttributeDelta("title", replace=())))
        assert Set() == await platform.call("UpdateDeltaApiOp", "updateDelta", ACCOUNT, uid, deltas, None)

        found = attributes(await platform.call("GetApiOp", "getObject", ACCOUNT, uid, None))
        assert (uid.uid, "anna@example.com") == (found[names.UID], found[names.NAME])
        assert ("L2", "L3") == found["licenses"]
        assert "title" not in found
        assert (
            uid.uid
            == (await platform.call("ResolveUsernameApiOp", "resolveUsername", ACCOUNT, "ANNA@example.com", None)).uid
        )

        assert await platform.call("DeleteApiOp", "delete", ACCOUNT, uid, None) is None
        assert await platform.call("GetApiOp", "getObject", ACCOUNT, uid, None) is None
        with pytest.raises(Refused) as refused:
            await platform.call("DeleteApiOp", "delete", ACCOUNT, uid, None)
    assert "UnknownUidException" == refused.value.java_class
    assert {Actor("platform", "remote")} == {entry.intent.actor for entry in served.kind.journal.entries}


async def test_name_and_the_attribute_it_stands_for_may_both_be_given(clock: VirtualClock) -> None:
    """
    Platforms that map the name to both send it twice; two different ones are refused.
    """
    both = Set((*ANNA, Attribute("emails", ("anna@example.com", "a@example.com"))))
    other = Set((*ANNA, Attribute("emails", ("other@example.com",))))
    async with serving(clock) as served:
        uid = await served.platform.call("CreateApiOp", "create", ACCOUNT, both, None)
        assert ["anna@example.com", "a@example.com"] == served.kind.connector.world[names.ACCOUNT][uid.uid]["emails"]
        with pytest.raises(Refused, match="twice"):
            await served.platform.call("CreateApiOp", "create", ACCOUNT, other, None)


async def test_parts_of_complex_values_are_attributes_of_their_own(clock: VirtualClock) -> None:
    """
    Under flattened names a telephone number and a city are made, changed, read and taken away, and what stands beside
    them stays.
    """
    given = Set(
        (
            *ANNA,
            Attribute("phoneNumbers.work", ("+1",)),
            Attribute("phoneNumbers.mobile", ("+2",)),
            Attribute("addresses.work.country", ("IT",)),
            Attribute("addresses.work.locality", ("Roma",)),
        )
    )
    async with serving(clock) as served:
        platform = served.platform
        uid = await platform.call("CreateApiOp", "create", ACCOUNT, given, None)
        row = served.kind.connector.world[names.ACCOUNT][uid.uid]
        assert [{"type": "work", "value": "+1"}, {"type": "mobile", "value": "+2"}] == row["phoneNumbers"]
        assert [{"type": "work", "country": "IT", "locality": "Roma"}] == row["addresses"]

        change = Set((Attribute("phoneNumbers.work", ("+3",)), Attribute("addresses.work.locality", ("Pisa",))))
        await platform.call("UpdateApiOp", "update", ACCOUNT, uid, change, None)
        found = attributes(
            await platform.call("GetApiOp", "getObject", ACCOUNT, uid, reading("addresses.work.country"))
        )
        assert ("IT",) == found["addresses.work.country"]
        row = served.kind.connector.world[names.ACCOUNT][uid.uid]
        assert [{"type": "mobile", "value": "+2"}, {"type": "work", "value": "+3"}] == row["phoneNumbers"]
        assert [{"type": "work", "country": "IT", "locality": "Pisa"}] == row["addresses"]

        gone = Set((AttributeDelta("phoneNumbers.mobile", remove=("+2",)),))
        await platform.call("UpdateDeltaApiOp", "updateDelta", ACCOUNT, uid, gone, None)
        row = served.kind.connector.world[names.ACCOUNT][uid.uid]
        assert [{"type": "work", "value": "+3"}] == row["phoneNumbers"]


async def test_members_are_uids(clock: VirtualClock) -> None:
    """
    The members of a group are told and taken as the uids of people.
    """
    group = ObjectClass(names.GROUP)
    given = Set((Name("Staff"), Attribute("members", ("p1", "p2"))))
    async with serving(clock) as served:
        uid = await served.platform.call("CreateApiOp", "create", group, given, None)
        members = served.kind.connector.world[names.GROUP][uid.uid]["members"]
        found = await served.platform.call("GetApiOp", "getObject", group, uid, reading("members"))

    assert [{"id": "p1"}, {"id": "p2"}] == members
    assert ("p1", "p2") == attributes(found)["members"]


async def test_openicf_sees_maps(clock: VirtualClock) -> None:
    """
    The other family of platforms has maps, both ways.
    """
    number = Map((("type", "work"), ("value", "+1")))
    async with serving(clock, profile=OPENICF) as served:
        given = Set((*ANNA, Attribute("phoneNumbers", (number,))))
        uid = await served.platform.call("CreateApiOp", "create", ACCOUNT, given, None)
        row = served.kind.connector.world[names.ACCOUNT][uid.uid]
        found = await served.platform.call("GetApiOp", "getObject", ACCOUNT, uid, reading("phoneNumbers"))

    assert [{"type": "work", "value": "+1"}] == row["phoneNumbers"]
    assert (number,) == attributes(found)["phoneNumbers"]


async def test_the_schema_is_told(clock: VirtualClock) -> None:
    """
    A platform learns the object classes but `__ALL__`, their attributes with flags, and which operation takes what.
    """
    async with serving(clock) as served:
        schema = await served.platform.call("SchemaApiOp", "schema")
    classes = {each.name: each for each in schema.object_classes}
    account = {each.name: each for each in classes[names.ACCOUNT].attributes}
    by_operation = {key.name: set(value) for key, value in schema.object_classes_by_operation.pairs}

    assert {names.ACCOUNT, names.GROUP, "ROLES", "LICENSES"} == set(classes)
    assert (AttributeInfoFlag.REQUIRED,) == account[names.NAME].flags
    assert AttributeInfoFlag.REQUIRED not in account["emails"].flags
    assert AttributeInfoFlag.NOT_RETURNED_BY_DEFAULT in account["groups"].flags
    assert {"phoneNumbers.work", "addresses.home.country"} < set(account)
    assert "phoneNumbers" not in account
    assert {names.ACCOUNT, names.GROUP} == by_operation["CreateApiOp"]
    assert {"PAGE_SIZE", "SORT_KEYS"} < {name for key, value in schema.options_by_operation.pairs for name in value}


@pytest.mark.parametrize(
    ("operation", "method", "arguments", "java_class"),
    [
        ("CreateApiOp", "create", (ACCOUNT, Set((Name("a@b"),)), None), "InvalidAttributeValueException"),
        (
            "CreateApiOp",
            "create",
            (ACCOUNT, Set((*ANNA, Attribute("nope", ("x",)))), None),
            "InvalidAttributeValueException",
        ),
        ("CreateApiOp", "create", (ObjectClass("nope"), ANNA, None), "UnsupportedOperationException"),
        ("CreateApiOp", "create", (ObjectClass(names.ALL), ANNA, None), "UnsupportedOperationException"),
        ("CreateApiOp", "create", (ACCOUNT, Set((*ANNA, Uid("1"))), None), "InvalidAttributeValueException"),
        ("CreateApiOp", "create", (ACCOUNT,), "IllegalArgumentException"),
        (
            "UpdateApiOp",
            "update",
            (ACCOUNT, Uid("nobody"), Set((Attribute("title", ("x",)),)), None),
            "UnknownUidException",
        ),
        ("GetApiOp", "getObject", ("no class", Uid("1")), "IllegalArgumentException"),
        ("AuthenticationApiOp", "authenticate", (ACCOUNT, "a", Secret("b"), None), "UnsupportedOperationException"),
        ("ResolveUsernameApiOp", "resolveUsername", (ACCOUNT, "nobody", None), "UnknownUidException"),
        ("NoSuchApiOp", "do", (), "UnsupportedOperationException"),
    ],
)
async def test_what_goes_wrong_has_a_java_class(
    clock: VirtualClock, operation: str, method: str, arguments: tuple[object, ...], java_class: str
) -> None:
    """
    Each kind of failure is told by the class that platforms look for, and nothing is made.
    """
    async with serving(clock) as served:
        with pytest.raises(Refused) as refused:
            await served.platform.call(operation, method, *arguments)

    assert java_class == refused.value.java_class
    assert not served.kind.connector.world[names.ACCOUNT]


async def test_a_reader_writes_nothing(clock: VirtualClock) -> None:
    """
    The key may be worth reading alone, and only systems of the settings.
    """
    async with serving(clock, client=Client("reader", role=Role.READER)) as served:
        platform = served.platform
        with pytest.raises(Refused, match="configure"):
            await platform.call("SchemaApiOp", "schema")
        platform.configuration = {"system": "webex"}
        assert await platform.call("SchemaApiOp", "schema")
        with pytest.raises(Refused, match="write") as refused:
            await platform.call("CreateApiOp", "create", ACCOUNT, ANNA, None)

    assert "PermissionDeniedException" == refused.value.java_class
    assert not served.kind.connector.world[names.ACCOUNT]


async def test_a_platform_may_have_fewer_rights(clock: VirtualClock) -> None:
    """
    It writes, and neither deletes nor disables; people and their licences alone.
    """
    client = Client(
        "remote", without=frozenset({Right.DELETE, Right.DISABLE}), objects=frozenset({names.ACCOUNT, "LICENSES"})
    )
    async with serving(clock, client=client) as served:
        platform = served.platform
        platform.configuration = {"system": "webex"}
        made = await platform.call("CreateApiOp", "create", ACCOUNT, ANNA, None)
        off = Set((Attribute(names.ENABLE, (False,)),))
        refused: dict[str, tuple[str, str, Value, Value, Value]] = {
            "remote may not delete: it was not given this right": ("DeleteApiOp", "delete", ACCOUNT, made, None),
            "Disabling of __ACCOUNT__ is not allowed": ("UpdateApiOp", "update", ACCOUNT, made, off),
            "GET on __GROUP__ is not allowed": ("GetApiOp", "getObject", ObjectClass(names.GROUP), made, None),
        }
        for why, (operation, method, *arguments) in refused.items():
            with pytest.raises(Refused, match=why) as caught:
                await platform.call(operation, method, *arguments)
            assert "PermissionDeniedException" == caught.value.java_class

    assert [True] == [row.get(names.ENABLE, (True,))[0] for row in served.kind.connector.world[names.ACCOUNT].values()]


async def test_a_system_of_the_settings_needs_no_secret(clock: VirtualClock) -> None:
    """
    With the property `system` a platform uses what is connected here; a name that nothing has is a wrong configuration.
    """
    async with serving(clock) as served:
        served.platform.configuration = {"system": "webex", "clientSecret": Secret("ignored")}
        await served.platform.call("CreateApiOp", "create", ACCOUNT, ANNA, None)
        served.platform.configuration = {"system": "other"}
        with pytest.raises(Refused) as refused:
            await served.platform.call("ValidateApiOp", "validate")

    assert ["webex"] == [entry.intent.system for entry in served.kind.journal.entries]
    assert not served.kind.seen
    assert "ConfigurationException" == refused.value.java_class


async def test_a_configuration_is_read_in_its_types(clock: VirtualClock) -> None:
    """
    Secrets, arrays, numbers and the JSON of a map come as the connector has them.
    """
    async with serving(clock) as served:
        served.platform.configuration = {
            "serviceUri": "",
            "clientSecret": Secret("s"),
            "classes": Array(JavaClass("String"), ("A", "B")),
            "claims": '{"aud": "x"}',
            "pool": Long(3),
        }
        await served.platform.call("ValidateApiOp", "validate")

    assert {
        "serviceUri": "https://example.com",
        "clientSecret": Secret("s"),
        "classes": ("A", "B"),
        "claims": {"aud": "x"},
        "pool": 3,
    } == served.kind.seen[0]


async def test_a_wrong_configuration_is_told_whole(clock: VirtualClock) -> None:
    """
    A missing secret and an unknown property are told at once, by validation.
    """
    async with serving(clock, kind=MemoryKind(clock)) as served:
        served.platform.configuration = {"nonsense": "x"}
        with pytest.raises(Refused, match=r"nonsense: .*clientSecret: is required") as refused:
            await served.platform.call("ValidateApiOp", "validate")

    assert "ConfigurationException" == refused.value.java_class


async def test_a_test_that_fails_is_told(clock: VirtualClock) -> None:
    """
    The in-memory connector's test passes; the answer is nothing at all.
    """
    async with serving(clock) as served:
        assert await served.platform.call("TestApiOp", "test") is None


async def test_changes_are_followed(clock: VirtualClock) -> None:
    """
    The in-memory connector cannot tell what changed, which is told as unsupported, not as an end.
    """
    async with serving(clock) as served:
        with pytest.raises(Refused) as refused:
            await served.platform.stream("SyncApiOp", "sync", ACCOUNT, SyncToken("1"), None)

    assert "UnsupportedOperationException" == refused.value.java_class


async def test_a_search_by_filter_finds(clock: VirtualClock) -> None:
    """
    A filter that a platform sends is applied.
    """
    async with serving(clock) as served:
        for each in ("anna", "ben"):
            given = Set((Name(f"{each}@example.com"), Attribute("displayName", (each,)), Attribute("licenses", ("L",))))
            await served.platform.call("CreateApiOp", "create", ACCOUNT, given, None)
        node = AttributeFilter(Comparison.STARTS_WITH, Attribute("displayName", ("BE",)))
        found, _ = await served.platform.stream("SearchApiOp", "search", ACCOUNT, node, None)

    assert [("ben",)] == [attributes(each)["displayName"] for each in found]


async def test_what_is_not_returned_by_default_comes_when_asked_for(clock: VirtualClock) -> None:
    """
    Platforms go by the flags of the schema for a single object, too: an attribute that costs dear comes only by name.
    """
    async with serving(clock) as served:
        served.kind.connector.world[names.ACCOUNT]["p"] = person(1, extension="7")
        plain = await served.platform.call("GetApiOp", "getObject", ACCOUNT, Uid("p"), None)
        named = await served.platform.call("GetApiOp", "getObject", ACCOUNT, Uid("p"), reading("extension"))

    assert "extension" not in attributes(plain)
    assert ("7",) == attributes(named)["extension"]


async def test_a_dry_run_writes_nothing(clock: VirtualClock) -> None:
    """
    With the option DRY_RUN a create returns no uid, and update and delete leave everything; what is no truth value is
    refused, not passed over.
    """
    dry = OperationOptions(Map((("DRY_RUN", True),)))
    wrong = OperationOptions(Map((("DRY_RUN", "yes"),)))
    async with serving(clock) as served:
        world = served.kind.connector.world[names.ACCOUNT]
        world["p"] = person(1)
        title = Set((Attribute("title", ("Lead",)),))
        change = Set((AttributeDelta("title", replace=("Lead",)),))
        assert await served.platform.call("CreateApiOp", "create", ACCOUNT, ANNA, dry) is None
        assert Uid("p") == await served.platform.call("UpdateApiOp", "update", ACCOUNT, Uid("p"), title, dry)
        await served.platform.call("UpdateDeltaApiOp", "updateDelta", ACCOUNT, Uid("p"), change, dry)
        await served.platform.call("DeleteApiOp", "delete", ACCOUNT, Uid("p"), dry)
        with pytest.raises(Refused, match="DRY_RUN"):
            await served.platform.call("DeleteApiOp", "delete", ACCOUNT, Uid("p"), wrong)

        assert {"p": person(1)} == dict(world)
