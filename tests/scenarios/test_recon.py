"""
Reconciliations over REST, against a simulated organisation.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.recon_house import ReconHouse, recon_house
from fakes.virtual_time import VirtualClock
from webex_connector.sandbox.changes import Change, PersonChanged
from webex_connector.store.journal import Choice

ANNA = "1,anna@acme.example,Anna,Lee,Sales"
BO = "2,bo@acme.example,Bo,Ek,Sales"


@pytest.fixture
async def house(clock: VirtualClock, tmp_path: Path) -> AsyncIterator[ReconHouse]:
    """
    The house with two records.
    """
    async with recon_house(clock, tmp_path) as made:
        made.hire(ANNA, BO)
        yield made


async def test_a_reconciliation_makes_it_right(house: ReconHouse) -> None:
    """
    Both are made and linked; the summary counts it as upstream does, with its keys in their order.
    """
    before = house.emails()
    found = await house.reconciled("recon&mapping=people")
    assert {"anna@acme.example", "bo@acme.example"} == house.emails() - before
    assert [
        "_id",
        "mapping",
        "state",
        "stage",
        "stageDescription",
        "progress",
        "situationSummary",
        "statusSummary",
        "durationSummary",
        "parameters",
        "started",
        "ended",
        "duration",
    ] == list(found)
    assert ("SUCCESS", "COMPLETED_SUCCESS", "reconciliation completed.") == (
        found["state"],
        found["stage"],
        found["stageDescription"],
    )
    assert {"processed": 2, "total": "2"} == found["progress"]["source"]["existing"]
    assert 2 == found["progress"]["target"]["created"] == found["progress"]["links"]["created"]
    assert (2, len(before)) == (found["situationSummary"]["ABSENT"], found["situationSummary"]["UNASSIGNED"])
    assert 13 == len(found["situationSummary"])
    assert {"SUCCESS": len(before) + 2, "FAILURE": 0} == found["statusSummary"]
    assert {"sourceQuery", "sourcePhase", "updateTargetObject"} == set(found["durationSummary"])

    again = await house.reconciled("recon&mapping=people")
    assert (0, 2) == (again["progress"]["target"]["created"], again["progress"]["target"]["unchanged"])


async def test_an_analysis_writes_nothing(house: ReconHouse) -> None:
    """
    It says what would be done, record by record, and no unsafe request reaches Webex.
    """
    before, seen = house.emails(), len(house.sandbox.trace.requests())
    found = await house.reconciled("recon&mapping=people&analyze=true")
    entries = await house.entries(found["_id"], '_queryFilter=situation eq "ABSENT"')
    assert before == house.emails()
    assert {"GET"} == {each.method for each in house.sandbox.trace.requests()[seen:] if "access_token" not in each.path}
    assert [("1", "CREATE", "source", "SUCCESS"), ("2", "CREATE", "source", "SUCCESS")] == [
        (each["sourceObjectId"], each["action"], each["phase"], each["status"]) for each in entries
    ]
    assert (200, "true") == await _analysis(house, found["_id"])
    assert 0 == found["progress"]["target"]["created"]


async def test_a_dry_run_is_an_analysis(house: ReconHouse) -> None:
    """
    As everywhere at this door.
    """
    before = house.emails()
    await house.reconciled("recon&mapping=people&_dryRun=true")
    assert before == house.emails()


@pytest.mark.parametrize("query", ["id=2", "ids=2"])
async def test_one_record_alone(house: ReconHouse, query: str) -> None:
    """
    By its id, in the newer way or the older one; nobody else is made.
    """
    before = house.emails()
    found = await house.reconciled(f"reconById&mapping=people&{query}")
    assert {"bo@acme.example"} == house.emails() - before
    assert ["2"] == [each["sourceObjectId"] for each in await house.entries(found["_id"])]


async def test_a_stopped_plan_changes_nothing_and_is_told(house: ReconHouse) -> None:
    """
    Half of the records gone is no reason to delete people: the run fails, says why, and somebody is alerted.
    """
    many = [f"{number},new{number}@acme.example,New,Number{number},Sales" for number in range(10, 20)]
    house.hire(*many)
    await house.reconciled("recon&mapping=people")
    before = house.emails()
    house.hire(many[0])
    found = await house.reconciled("recon&mapping=people")
    assert before == house.emails()
    assert ("FAILED", "COMPLETED_FAILED") == (found["state"], found["stage"])
    assert "is stopped" in found["stageDescription"]
    assert ["sync.stopped"] == [each.event for each in house.heard.alerts]


@pytest.mark.parametrize("after", [1, 3, 5])
async def test_the_next_process_goes_on_with_it(clock: VirtualClock, tmp_path: Path, after: int) -> None:
    """
    Whoever comes next ends the reconciliation: everybody is made once, whenever the first one was stopped.
    """
    async with recon_house(clock, tmp_path, works=False) as house:
        house.hire(*(f"{number},new{number}@acme.example,New,Number{number},Sales" for number in range(6)))
        made: list[str] = []
        house.sandbox.world.watchers.append(lambda change: _note(made, change))
        _, begun = await house.ask("POST", "recon?_action=recon&mapping=people")
        await house.stop_after(after)
        async with house.working():
            async for _ in house.jobs.follow(begun["_id"]):
                pass
        _, found = await house.ask("GET", f"recon/{begun['_id']}")
    assert "SUCCESS" == found["state"], found
    assert sorted(f"new{number}@acme.example" for number in range(6)) == sorted(made)


async def test_an_empty_source_fails_unless_it_may_be(house: ReconHouse) -> None:
    """
    The body of one request may allow what the mapping does not.
    """
    house.hire()
    found = await house.reconciled("recon&mapping=people")
    assert "FAILED" == found["state"]
    assert "is empty" in found["stageDescription"]
    body = {"allowEmptySourceSet": True}
    found = await house.reconciled("recon&mapping=people&analyze=true", body)
    assert "SUCCESS" == found["state"]
    assert found["parameters"]["allowEmptySourceSet"] is True


async def test_two_at_once_are_refused(house: ReconHouse) -> None:
    """
    The second hears which one is in the way; then the first is cancelled, and nothing was made.
    """
    before = house.emails()
    _, first = await house.ask("POST", "recon?_action=recon&mapping=people")
    assert "ACTIVE" == first["state"]
    status, second = await house.ask("POST", "recon?_action=recon&mapping=people")
    assert (409, True) == (status, first["_id"] in second["message"])
    status, gone = await house.ask("POST", f"recon/{first['_id']}?_action=cancel")
    assert (200, {"_id": first["_id"], "action": "cancel", "status": "INITIATED"}) == (status, gone)
    async for _ in house.jobs.follow(first["_id"]):
        pass
    _, found = await house.ask("GET", f"recon/{first['_id']}")
    assert ("CANCELED", "COMPLETED_CANCELED") == (found["state"], found["stage"])
    assert before == house.emails()


async def test_history_can_be_listed_and_purged(house: ReconHouse) -> None:
    """
    Each one is in the list and in the associations, those made by hand too; one that is purged is gone.
    """
    found = await house.reconciled("recon&mapping=people")
    async with house.syncing.opened("people") as ends:
        by_hand = await house.syncing.engine.plan(ends, "anna")
    _, listed = await house.ask("GET", "recon")
    assert {found["_id"], by_hand.id} == {each["_id"] for each in listed["reconciliations"]}
    _, listed = await house.ask("GET", 'recon/assoc?_queryFilter=isAnalysis eq "true"')
    assert [by_hand.id] == [each["_id"] for each in listed["result"]]
    for each in (found["_id"], by_hand.id):
        assert 200 == (await house.ask("DELETE", f"recon/{each}"))[0]
        gone = (404, f"Reconciliation with id {each} not found.")
        status, answer = await house.ask("GET", f"recon/{each}")
        assert gone == (status, answer["message"])
    assert {"reconciliations": []} == (await house.ask("GET", "recon"))[1]


async def test_entries_come_in_pages(house: ReconHouse) -> None:
    """
    Page after page, each entry once, with the fields that were asked for.
    """
    found = await house.reconciled("recon&mapping=people&analyze=true")
    every = [each["_id"] for each in await house.entries(found["_id"])]
    paged, cookie = [], ""
    while True:
        query = f"_queryFilter=true&_pageSize=7&_fields=situation{cookie}"
        _, page = await house.ask("GET", f"recon/assoc/{found['_id']}/entry?{query}")
        paged += [each["_id"] for each in page["result"]]
        assert {"_id", "situation"} == {name for each in page["result"] for name in each}
        if page["pagedResultsCookie"] is None:
            break
        cookie = f"&_pagedResultsCookie={page['pagedResultsCookie']}"
    assert every == paged


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "recon?_action=recon", None, 400, "Missing required parameter: mapping"),
        ("POST", "recon?_action=recon&mapping=nix", None, 404, "No such mapping: nix; there are: people, rooms"),
        ("POST", "recon?_action=recon&mapping=people&analise=true", None, 400, "Unknown request parameter 'analise'"),
        ("POST", "recon?_action=recon&mapping=people&analyze=yes", None, 400, "could not be parsed as a valid boolean"),
        ("POST", "recon?_action=recon&mapping=people&id=1", None, 400, "recon takes no id; reconById does"),
        ("POST", "recon?_action=reconById&mapping=people", None, 400, "reconById needs the id of a record"),
        ("POST", "recon?_action=dance&mapping=people", None, 400, "Unsupported action on recon: dance"),
        ("POST", "recon?_action=recon&mapping=people", {"sourceQuery": {}}, 400, "sourceQuery cannot be overridden"),
        ("POST", "recon?_action=recon&mapping=people", {"runTargetPhase": "no"}, 400, "is true or false"),
        ("POST", "recon?_action=recon&mapping=people", [], 400, "The body is no object"),
        ("GET", "recon/nix", None, 404, "Reconciliation with id nix not found."),
        ("GET", "recon/assoc/nix/entry?_queryFilter=true", None, 404, "Reconciliation with id nix not found."),
        ("POST", "recon/nix?_action=cancel", None, 404, "Reconciliation with id nix not found."),
        ("GET", "recon/a/b/c", None, 404, "Resource 'recon/a/b/c' not found"),
        ("GET", "recon?_queryFilter=wish eq 1", None, 400, "wish"),
        ("GET", "sync/mappings/nix", None, 404, "No such mapping: nix"),
        ("POST", "sync?_action=notifyCreate", None, 400, "Supported: getLinkedResources, performAction"),
        ("POST", "sync?_action=performAction&mapping=people&action=CREATE", None, 400, "reconById&mapping=people"),
    ],
)
async def test_what_makes_no_sense_is_told(
    house: ReconHouse, method: str, path: str, body: object, status: int, says: str
) -> None:
    """
    The error names what is wrong; nothing has begun.
    """
    answered, problem = await house.ask(method, path, body)
    assert (status, True) == (answered, says in problem["message"]), problem
    assert [] == await house.jobs.runs()


async def test_who_may_reconcile(house: ReconHouse) -> None:
    """
    An administrator with every right to write; others may look at what is theirs, or know of nothing.
    """
    begin = "recon?_action=recon&mapping=people"
    for client, status in (("plain", 403), ("cautious", 403), ("elsewhere", 404), ("groups", 404)):
        assert status == (await house.ask("POST", begin, client=client))[0], client
    assert [] == await house.jobs.runs()
    assert 200 == (await house.ask("POST", f"{begin}&analyze=true&waitForCompletion=true", client="cautious"))[0]
    assert 1 == len((await house.ask("GET", "recon", client="plain"))[1]["reconciliations"])
    for client in ("elsewhere", "groups"):
        assert [] == (await house.ask("GET", "recon", client=client))[1]["reconciliations"]
    _, mappings = await house.ask("GET", "sync/mappings?_queryFilter=true", client="groups")
    assert ["rooms"] == [each["name"] for each in mappings["result"]]


async def test_links_can_be_seen_and_mended_by_hand(house: ReconHouse) -> None:
    """
    From either side; who was unlinked belongs to nobody, and can be linked again.
    """
    await house.reconciled("recon&mapping=people")
    _, found = await house.ask("POST", "sync?_action=getLinkedResources&resourceName=hr/1")
    (linked,) = found["linkedResources"]
    uid = linked["resourceName"].rpartition("/")[2]
    _, back = await house.ask("POST", f"sync?_action=getLinkedResources&resourceName={linked['resourceName']}")
    assert ["hr/1"] == [each["resourceName"] for each in back["linkedResources"]]
    perform = f"sync?_action=performAction&mapping=people&sourceId=1&targetId={uid}&action="
    assert (200, {"status": "OK"}) == await house.ask("POST", f"{perform}UNLINK&_dryRun=true")
    assert [linked] == (await _links(house))
    assert (200, {"status": "OK"}) == await house.ask("POST", f"{perform}UNLINK")
    assert [] == await _links(house)
    assert (200, {"status": "OK"}) == await house.ask("POST", f"{perform}LINK")
    assert [linked] == await _links(house)
    journal = await house.syncing.systems.memory.journal.entries(Choice(actor="idm"))
    assert [("unlink", None), ("link", uid)] == [(each.opening.change, each.ending.uid) for each in journal]


async def test_mappings_can_be_looked_at(house: ReconHouse) -> None:
    """
    With what they map, and what is done in which situation.
    """
    status, found = await house.ask("GET", "sync/mappings/people")
    assert (200, "hr", "system/webex/__ACCOUNT__") == (status, found["source"], found["target"])
    assert {"target": "emails", "source": "mail"} == found["properties"][0]
    assert {"situation": "SOURCE_MISSING", "action": "DELETE"} in found["policies"]


def _note(made: list[str], change: Change) -> None:
    if isinstance(change, PersonChanged) and change.before is None and change.after is not None:
        made.append(change.after.email)


async def _links(house: ReconHouse) -> list[object]:
    return list((await house.ask("POST", "sync?_action=getLinkedResources&resourceName=hr/1"))[1]["linkedResources"])


async def _analysis(house: ReconHouse, id_: str) -> tuple[int, str]:
    status, found = await house.ask("GET", f"recon/assoc/{id_}")
    return status, str(found["isAnalysis"])
