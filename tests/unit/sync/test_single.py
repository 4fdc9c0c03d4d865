"""
One record at a time: the same situations as when everybody is compared.
"""

from fakes.sync_house import PlainRules, SyncHouse, record
from webex_connector.icf.options import Actor, OperationOptions
from webex_connector.store.links import LinkChange
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.situation import Situation
from webex_connector.sync.ends import Ends
from webex_connector.sync.records import Page, Record
from webex_connector.sync.single import Single

OPTIONS = OperationOptions(actor=Actor("anna", "sync"))


def single(house: SyncHouse) -> Single:
    """
    Return what looks for one record at a time.
    """
    ends = Ends(house.mapping, house.source, house.facade, PlainRules())
    return Single(ends, house.tables.links, OPTIONS)


async def of_record(house: SyncHouse, given: Record) -> Pair:
    """
    Return a record with its object.
    """
    (mapped,) = await PlainRules().mapped(Page([given]))
    return await single(house).of_record(mapped)


def there(house: SyncHouse, *names: str) -> None:
    """
    Put people with these names into the target, with their names as uids.
    """
    for name in names:
        mail = f"{name.rstrip('2').lower()}@example.com"
        house.people[name] = {"displayName": name, "emails": [mail], "licenses": ["L"]}


async def link(house: SyncHouse, key: str, uid: str) -> None:
    """
    Link a record and an object.
    """
    await house.tables.links.change([LinkChange("people", key, "default", uid)])


async def test_each_situation_of_a_record_that_is_there(house: SyncHouse) -> None:
    """
    Link before correlation; one, none or several that correspond; taken by somebody else; not qualified.
    """
    there(house, "Linked", "Found", "Taken", "Both", "Both2", "Left")
    await link(house, "linked", "Linked")
    await link(house, "lost", "Lost")
    await link(house, "other", "Taken")
    expected = {
        "Linked": Situation.CONFIRMED,
        "Lost": Situation.MISSING,
        "Found": Situation.FOUND,
        "Taken": Situation.FOUND_ALREADY_LINKED,
        "New": Situation.ABSENT,
        "Both": Situation.AMBIGUOUS,
    }
    found = {name: (await of_record(house, record(name.lower(), name))).situation for name in expected}
    assert found == expected
    assert (await of_record(house, record("x", "Both"))).candidates == ("Both", "Both2")
    left = [await of_record(house, record("x", name, status="left")) for name in ("Left", "Nobody")]
    assert [each.situation for each in left] == [Situation.UNQUALIFIED, Situation.SOURCE_IGNORED]


async def test_each_situation_of_a_record_that_is_gone(house: SyncHouse) -> None:
    """
    Its link decides.
    """
    there(house, "Here")
    await link(house, "here", "Here")
    await link(house, "lost", "Lost")
    found = [(await single(house).of_gone(key)).situation for key in ("here", "lost", "never")]
    assert found == [Situation.SOURCE_MISSING, Situation.LINK_ONLY, Situation.ALL_GONE]


async def test_an_address_in_another_case_is_found(house: SyncHouse) -> None:
    """
    As when everybody is compared.
    """
    house.people["u"] = {"displayName": "Ana", "emails": ["ANA@Example.com"], "licenses": ["L"]}
    pair = await of_record(house, record("1", "Ana"))
    assert pair.target is not None
    assert (pair.situation, pair.target.uid) == (Situation.FOUND, "u")
