"""
Forgetting a person: nothing of them is left in the file, and everything else is.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from fakes.sync_house import SyncHouse, record
from fakes.virtual_time import VirtualClock
from webex_connector.app.journal import StoredJournal
from webex_connector.icf.facade import Facade
from webex_connector.store import tables
from webex_connector.store.copying import compacted
from webex_connector.store.forgetting import KEYED, ROWS, TEXTS, Forgetting, StillAtWork
from webex_connector.store.journal import Choice, JournalTable
from webex_connector.store.opening import DATABASE_FILE, Store, StorePlace, opened
from webex_connector.store.plans import PlanState
from webex_connector.store.redaction import Person, own_addresses, redacted
from webex_connector.store.run_values import NewRun
from webex_connector.store.runs import RunTable
from webex_connector.store.tables import METADATA, MIRROR_KEYS, MIRROR_LINKS, MIRROR_OBJECTS, RETIREMENTS, VERSIONS

NOBODY_IN_THEM = {
    tables.ACCESS_TOKENS,
    tables.ALLOWANCES,
    tables.ASSERTIONS,
    tables.BUDGETS,
    tables.CLIENTS,
    tables.CLIENT_CREDENTIALS,
    tables.CONNECTIONS,
    tables.DESTRUCTIONS,
    tables.LEASES,
    tables.MIRRORED,
    tables.MIRROR_PICTURES,
    tables.PLANS,
    tables.SCHEDULES,
    tables.SIGNING_KEYS,
    tables.SNAPSHOTS,
    tables.SOURCE_LEDGERS,
    tables.STOPS,
    tables.STREAMS,
    tables.SYNC_TOKENS,
    tables.TOKENS,
}
"""
Clients, counts, tokens, times: nothing of the people of an organisation.
"""


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """
    A store in a file.
    """
    store = opened(StorePlace(tmp_path / "data"), inline=True)
    yield store
    store.close()


@pytest.fixture
async def house(file_store: Store, tmp_path: Path, clock: VirtualClock) -> SyncHouse:
    """
    Anna and Zoë, made by a plan, journalled, linked, mirrored, inventoried; Anna is Zoë's manager.
    """
    made = SyncHouse(file_store.database, tmp_path, clock)
    made.facade = Facade(
        "memory",
        made.connector,
        journal=StoredJournal(JournalTable(file_store.database, clock)),
        guard=made.guard,
        clock=clock,
        cookie_key=b"key",
    )
    made.source.records = [record("1", "Anna"), record("2", "Zoë", boss="1")]
    await made.synchronize()
    made.source.records[1] = record("2", "Zoë", boss="1", mail="zo@example.com", title="Queen of Sheba")
    await made.synchronize()
    zoe = (await made.links())["2"]
    run = NewRun("r1", "recon", '{"ids":["2","1"],"mapping":"people"}', "anna")
    await RunTable(file_store.database, clock).add(run)

    def more(link: object) -> None:
        for table, rows in (
            (MIRROR_OBJECTS, [{"picture": 1, "uid": zoe, "document": b"Zo\xc3\xab zo@example.com"}]),
            (MIRROR_KEYS, [_key(zoe, "emails", "zo@example.com")]),
            (MIRROR_LINKS, [_link("G1", zoe)]),
            (RETIREMENTS, [{"system": "memory", "uid": zoe, "policy": "sales", "since": clock.now()}]),
            (VERSIONS, [_version(zoe, "zo@example.com", '{"emails":["zo@example.com"],"displayName":["Zoë"]}')]),
            (VERSIONS, [_version("G1", "Staff", f'{{"members":[{{"value":"{zoe}","display":"Zoë"}}]}}')]),
        ):
            link.execute(insert(table), rows)  # type: ignore[attr-defined]  # a connection

    await file_store.database.write(more)
    return made


def _key(uid: str, attribute: str, folded: str) -> dict[str, object]:
    return {"picture": 1, "uid": uid, "attribute": attribute, "position": 0, "folded": folded}


def _link(uid: str, target: str) -> dict[str, object]:
    return {"picture": 1, "uid": uid, "attribute": "members", "target": target, "position": 0, "value": b"Zo\xc3\xab"}


def _version(uid: str, name: str, content: str) -> dict[str, object]:
    class_ = "__GROUP__" if uid == "G1" else "__ACCOUNT__"
    row = {"system": "memory", "object_class": class_, "uid": uid, "first": 1, "last": 1, "digest": b""}
    return {**row, "name": name, "content": content}


def _raw(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted((folder / "data").glob(f"{DATABASE_FILE}*")))


@pytest.mark.parametrize("asked", ["zo@example.com", "ZOË@example.com", "2", "uid"])
async def test_nothing_is_left_in_the_file(
    house: SyncHouse, file_store: Store, tmp_path: Path, clock: VirtualClock, asked: str
) -> None:
    """
    Neither name nor address, old or new, by whatever they were asked for; Anna's are all there still.
    """
    uid = (await house.links())["2"]
    before = _raw(tmp_path)
    for each in ("Zoë", "zo@example.com", "zoë@example.com", "Queen of Sheba"):
        assert each.encode() in before
    forgetting = Forgetting(file_store.database, clock)
    person = await forgetting.known(uid if asked == "uid" else asked)
    assert (
        Person(frozenset({"zo@example.com", "zoë@example.com"}), frozenset({uid}), frozenset({("people", "2")}))
        == person
    )
    counts = await forgetting.forget(person, "root")
    compacted(tmp_path / "data" / DATABASE_FILE)
    after = _raw(tmp_path)
    for each in ("Zoë", "zo@example.com", "zoë@example.com", "Queen of Sheba"):
        assert each.encode() not in after
    assert b"Anna" in after
    assert b"anna@example.com" in after
    assert {
        "journal",
        "plan_items",
        "links",
        "mirror_keys",
        "mirror_links",
        "mirror_objects",
        "versions",
        "runs",
    } <= set(counts)
    assert {"1"} == set(await house.links())


async def test_the_fact_stays(house: SyncHouse, file_store: Store, clock: VirtualClock) -> None:
    """
    The journal still says that somebody was made and changed, when and by whom; and that one person was forgotten.
    """
    journal = JournalTable(file_store.database, clock)
    before, plans = await journal.entries(Choice()), await house.tables.plans.plans()
    forgetting = Forgetting(file_store.database, clock)
    await forgetting.forget(await forgetting.known("2"), "root")
    after = await journal.entries(Choice())
    assert [(each.began, each.opening.change, each.ending.outcome) for each in before] == [
        (each.began, each.opening.change, each.ending.outcome) for each in after[:-1]
    ]
    assert ("forget", "root", None) == (after[-1].opening.change, after[-1].opening.actor, after[-1].ending.uid)
    about = [each for each in after if each.opening.intent == '{"forgotten":true}' and each.opening.change != "forget"]
    assert 2 == len(about)
    assert plans == await house.tables.plans.plans()
    items = [item for plan in plans for item in await house.items(plan)]
    assert ["CREATE", "CREATE", "UPDATE"] == sorted(item.action.value for item in items)


async def test_what_was_to_be_done_about_them_is_not(house: SyncHouse, file_store: Store, clock: VirtualClock) -> None:
    """
    An approved plan goes on with everybody else.
    """
    house.source.records = [record("1", "Anna", title="Boss"), record("2", "Zoë", mail="zo@example.com", title="King")]
    plan = await house.plan()
    forgetting = Forgetting(file_store.database, clock)
    await forgetting.forget(await forgetting.known("2"), "root")
    assert PlanState.APPLIED is await house.apply(plan)
    assert {"Boss", "Queen of Sheba"} == {each["title"] for each in house.people.values()}


async def test_not_while_something_is_done_about_them(house: SyncHouse, file_store: Store, clock: VirtualClock) -> None:
    """
    The write would come back to nobody: nothing is forgotten then.
    """
    house.source.records[1] = record("2", "Zoë", mail="zo@example.com", title="King")
    plan = await house.plan()
    await house.tables.plans.take(plan.id, 10)
    forgetting = Forgetting(file_store.database, clock)
    person = await forgetting.known("2")
    with pytest.raises(StillAtWork, match="wait for its end"):
        await forgetting.forget(person, "root")
    assert {"1", "2"} == set(await house.links())


async def test_a_stranger_is_nobody(house: SyncHouse, file_store: Store, clock: VirtualClock) -> None:
    """
    Whom nobody knows is known by what was asked alone, and nothing is about them.
    """
    forgetting = Forgetting(file_store.database, clock)
    person = await forgetting.known("nobody@example.com")
    assert Person(frozenset({"nobody@example.com"})) == person
    assert {} == await forgetting.forget(person, "root")


def test_every_table_says_what_forgetting_means_to_it() -> None:
    """
    Nobody can add a table without saying whether it speaks of people.
    """
    assert set(METADATA.tables.values()) == {*ROWS, *KEYED, *TEXTS} | NOBODY_IN_THEM
    assert not {*ROWS, *KEYED, *TEXTS} & NOBODY_IN_THEM


def test_what_a_list_entry_says_beside_an_id_goes_with_it() -> None:
    """
    A member's name stands beside the id; the group's own name stays, and so do the other members.
    """
    person = Person(frozenset({"zo@example.com"}), frozenset({"U" * 20}))
    members = f'{{"value":"{"U" * 20}","display":"Zo"}},{{"value":"V","display":"Anna"}}'
    text = f'{{"name":"Staff","members":[{members}],"owner":"{"U" * 20}"}}'
    left = '{"value":"forgotten","display":"forgotten"},{"value":"V","display":"Anna"}'
    assert f'{{"name":"Staff","members":[{left}],"owner":"forgotten"}}' == redacted(text, person)
    assert "forgotten" == redacted("write to ZO@example.com", person)
    assert '{"owner":"anna"}' == redacted('{"owner":"anna"}', person)


def test_a_change_of_address_tells_both() -> None:
    """
    What somebody was called before is theirs too.
    """
    change = {"attribute": "emails", "old": ["a@example.com"], "new": ["B@example.com"]}
    other = {"attribute": "title", "old": ["c@example.com"], "new": []}
    assert {"a@example.com", "b@example.com"} == own_addresses({"changes": [change, other]})
    assert replace(Person(), uids=frozenset({"1"})).is_in("1")
