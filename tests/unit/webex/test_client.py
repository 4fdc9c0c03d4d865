"""
The whole client against the simulated organisation: what is read is what is there, what is written is there afterwards.
"""

import asyncio
from dataclasses import replace

import pytest

from fakes.virtual_time import VirtualClock
from fakes.visit import BULK, NOW, Visit
from webex_connector.base.secret import Secret
from webex_connector.sandbox import faults
from webex_connector.sandbox.faults import Fault
from webex_connector.sandbox.limits import FixedWindow, PerUser, Shape, TokenBucket
from webex_connector.sandbox.quirks import CursorShape, NextLink, Quirks, RetryAfter
from webex_connector.webex.call import Call, Lane
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import (
    AnswerLost,
    Conflict,
    NotFound,
    Refused,
    ServerFailed,
    TokenRefused,
    WebexError,
    Withheld,
)
from webex_connector.webex.ids import encode, uuid_of
from webex_connector.webex.oauth import OAuthClient
from webex_connector.webex.paging import Page
from webex_connector.webex.resources.licenses import LicenseChange, Operation
from webex_connector.webex.resources.people import PeopleQuery
from webex_connector.webex.tokens import MemoryVault, RefreshGrant


async def listed(client: WebexClient, query: PeopleQuery) -> list[str]:
    """
    The addresses of the people a listing yields.
    """
    return [person["emails"][0] async for page in client.people.list(query, BULK) for person in page.items]


@pytest.mark.parametrize("cursor", CursorShape)
@pytest.mark.parametrize("link", NextLink)
@pytest.mark.parametrize("short", [(), (3, 0, 7)])
async def test_a_listing_is_everybody_once(
    visit: Visit,
    cursor: CursorShape,
    link: NextLink,
    short: tuple[int, ...],
) -> None:
    """
    Whatever the cursors look like, whichever old bug is back, however short the pages.
    """
    visit.sandbox.quirks = Quirks(people_cursor=cursor, next_link=link, short_pages=short)
    assert visit.everybody() == await listed(visit.client, PeopleQuery(max=100))
    assert all("excludeStatus" not in entry.query for entry in visit.sandbox.trace.requests())


@pytest.mark.parametrize("link", NextLink)
async def test_a_filter_holds_on_every_page(visit: Visit, link: NextLink) -> None:
    """
    Also when Webex forgets it in its links.
    """
    visit.sandbox.quirks = Quirks(next_link=link, people_cursor=CursorShape.CURSOR)
    wanted = [person.email for _, person in visit.sandbox.world.people() if person.display_name.startswith("A")]
    assert len(wanted) > 4
    assert wanted == await listed(visit.client, PeopleQuery(display_name="A", max=2))


async def test_a_listing_costs_no_request_too_many(visit: Visit) -> None:
    """
    As many as there are pages.
    """
    visit.sandbox.seed(2345, 1)
    assert 2345 == len(await listed(visit.client, PeopleQuery()))
    assert 3 == visit.sandbox.trace.count


HARMLESS: dict[str, faults.Effect] = {
    "late": faults.Delay(20),
    "429": faults.Throttle(retry_after=3),
    "429 without a time": faults.Throttle(),
    "423": faults.Fail(423, retry_after=2),
    "502 in HTML": faults.Fail(502, html=True),
    "503": faults.Fail(503),
    "503 with a time": faults.Fail(503, retry_after=4),
    "504": faults.Fail(504),
    "reset": faults.Reset(),
    "no answer": faults.LoseAnswer(),
    "half a body": faults.HalfBody(),
    "not JSON": faults.WrongJson(),
}


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize("name", HARMLESS)
async def test_a_passing_fault_on_any_page_changes_nothing(visit: Visit, name: str, page: int) -> None:
    """
    The listing is whole all the same, for one request more where one was lost.
    """
    visit.sandbox.faults.add(Fault(HARMLESS[name], to="GET /people", page=page))
    assert visit.everybody() == await listed(visit.client, PeopleQuery(max=100))
    visit.sandbox.faults.verify()
    assert visit.sandbox.trace.count == (3 if name == "late" else 4)


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize(
    "effect",
    [
        faults.Fail(500),
        faults.Fail(403),
        faults.WrongJson('{"items": null}'),
        faults.WrongJson("[]"),
        faults.WrongJson('{"people": []}'),
    ],
)
async def test_a_lasting_fault_on_any_page_fails_the_listing(visit: Visit, effect: faults.Effect, page: int) -> None:
    """
    A part is never taken for the whole.
    """
    visit.sandbox.faults.add(Fault(effect, to="GET /people", page=page))
    pages: list[Page] = []

    async def walk() -> None:
        async for each in visit.client.people.list(PeopleQuery(max=100), BULK):
            pages.append(each)  # noqa: PERF401 - the pages before the failure are counted

    with pytest.raises(WebexError) as caught:
        await walk()
    assert caught.value.tracking_id
    assert page - 1 == len(pages)
    visit.sandbox.faults.verify()


async def test_a_person_is_created_changed_and_deleted(visit: Visit) -> None:
    """
    The organisation shows each step.
    """
    people, world = visit.client.people, visit.sandbox.world
    made = await people.create({"emails": ["ana@acme.example"], "displayName": "Ana"}, NOW)
    uuid = uuid_of(made["id"])
    created = world.person(uuid)
    assert created is not None
    assert "ana@acme.example" == created.email
    await people.replace(made["id"], {**made, "displayName": "Ana L.", "department": "Finance"}, NOW)
    person = world.person(uuid)
    assert person is not None
    assert ("Ana L.", "Finance") == (person.display_name, person.department)
    assert "Ana L." == (await people.get(made["id"], NOW))["displayName"]
    await people.delete(made["id"], NOW)
    assert world.person(uuid) is None
    with pytest.raises(NotFound):
        await people.get(made["id"], NOW)


async def test_a_replacement_answered_with_nothing_is_in_place(visit: Visit) -> None:
    """
    204 says nothing, and yet it is done.
    """
    visit.sandbox.quirks = Quirks(put_status=204)
    me = await visit.client.people.me(NOW)
    assert await visit.client.people.replace(me["id"], {**me, "title": "Head"}, NOW) is None
    person = visit.sandbox.world.person(uuid_of(me["id"]))
    assert person is not None
    assert "Head" == person.title


async def test_the_same_address_twice_is_a_conflict(visit: Visit) -> None:
    """
    Whatever its case.
    """
    writes = visit.sandbox.world.writes
    with pytest.raises(Conflict):
        await visit.client.people.create({"emails": [visit.everybody()[0].upper()], "displayName": "X"}, NOW)
    assert writes == visit.sandbox.world.writes


@pytest.mark.parametrize(
    ("effect", "kind", "applied"),
    [
        (faults.LoseAnswer(), AnswerLost, 1),
        (faults.HalfBody(), AnswerLost, 1),
        (faults.WrongJson(), AnswerLost, 1),
        (faults.RefuseButApplied(), Refused, 1),
        (faults.Reset(), AnswerLost, 0),
        (faults.Fail(503), ServerFailed, 0),
        (faults.Fail(500), ServerFailed, 0),
    ],
)
async def test_a_create_of_unknown_fate_is_sent_once(
    visit: Visit,
    effect: faults.Effect,
    kind: type[WebexError],
    applied: int,
) -> None:
    """
    It may be in the organisation or not; the error says that it may, and looking is left to the caller.
    """
    visit.sandbox.faults.add(Fault(effect, to="POST /people"))
    with pytest.raises(kind) as caught:
        await visit.client.people.create({"emails": ["ana@acme.example"], "displayName": "Ana"}, NOW)
    assert caught.value.may_have_happened
    assert 1 == visit.sandbox.trace.writes
    assert applied == len(await listed(visit.client, PeopleQuery(email="ana@acme.example")))
    visit.sandbox.faults.verify()


@pytest.mark.parametrize("effect", [faults.Throttle(retry_after=2), faults.Fail(423, retry_after=2)])
async def test_a_create_that_was_turned_away_is_sent_again(visit: Visit, effect: faults.Effect) -> None:
    """
    429 and 423 come before any effect: one person in the end.
    """
    visit.sandbox.faults.add(Fault(effect, to="POST /people", times=2))
    await visit.client.people.create({"emails": ["ana@acme.example"], "displayName": "Ana"}, NOW)
    assert 3 == visit.sandbox.trace.writes
    assert 1 == len(await listed(visit.client, PeopleQuery(email="ana@acme.example")))
    visit.sandbox.faults.verify()


async def test_a_group_with_eleven_hundred_members(visit: Visit) -> None:
    """
    Filled, read back and emptied in portions of 500.
    """
    visit.sandbox.seed(1100, 3)
    groups = visit.client.groups
    people = [encode("PEOPLE", person.uuid) for _, person in visit.sandbox.world.people()]
    group = await groups.create({"displayName": "Everybody"}, NOW)
    await groups.change_members(group["id"], people, [], BULK)
    stored = visit.sandbox.world.groups[uuid_of(group["id"])]
    assert {uuid_of(id_) for id_ in people} == set(stored.members)
    read = [member["id"] async for page in groups.members(group["id"], BULK) for member in page.items]
    assert sorted(people) == sorted(read)
    await groups.change_members(group["id"], [], people[1:], BULK)
    assert [uuid_of(people[0])] == list(stored.members)
    assert (await groups.update(group["id"], {"displayName": "One"}, NOW))["displayName"] == "One"
    await groups.delete(group["id"], NOW)
    assert uuid_of(group["id"]) not in visit.sandbox.world.groups


@pytest.mark.parametrize("cap", [500, 3])
async def test_all_groups_are_listed_once(visit: Visit, cap: int) -> None:
    """
    However few Webex gives at a time.
    """
    visit.sandbox.quirks = Quirks(groups_page_cap=cap)
    for number in range(8):
        await visit.client.groups.create({"displayName": f"Team {number}"}, NOW)
    found = [uuid_of(group["id"]) async for page in visit.client.groups.list(BULK) for group in page.items]
    assert sorted(visit.sandbox.world.groups) == sorted(found)
    named = visit.client.groups.list(BULK, display_name_filter='displayName sw "Team"')
    assert 8 == len([group async for page in named for group in page.items])


async def test_a_licence_is_given_and_taken(visit: Visit) -> None:
    """
    The answer is what the person holds, and so does the organisation say.
    """
    licenses, person = visit.client.licenses, (await visit.client.people.me(NOW))["id"]
    listed_ = {each["id"]: each for each in await licenses.list(NOW)}
    holders = {
        id_: [user["id"] async for page in licenses.holders(id_, BULK) for user in page.items] for id_ in listed_
    }
    assert visit.sandbox.world.people_count >= max(len(users) for users in holders.values()) > 0
    held = set((await visit.client.people.get(person, NOW))["licenses"])
    assert held == {id_ for id_, users in holders.items() if person in users}
    spare = {id_ for id_, each in listed_.items() if "subscriptionId" in each and "Calling" not in each["name"]}
    paid = min(spare & held)
    taken = await licenses.assign(person, [LicenseChange(paid, Operation.REMOVE)], [], NOW)
    assert paid not in taken.licenses
    given = await licenses.assign(person, [LicenseChange(paid)], [], NOW)
    assert paid in given.licenses
    assert given.complete
    assert set(given.licenses) == set((await visit.client.people.get(person, NOW))["licenses"])
    assert listed_[paid]["name"] == (await licenses.get(paid, NOW))["name"]


async def test_roles_and_organisations_are_read(visit: Visit) -> None:
    """
    Each in a list and alone.
    """
    roles = await visit.client.roles.list(NOW)
    assert "Full Administrator" in {role["name"] for role in roles}
    assert roles[0] == await visit.client.roles.get(roles[0]["id"], NOW)
    (organization,) = await visit.client.organizations.list(NOW)
    assert organization == await visit.client.organizations.get(organization["id"], NOW)


@pytest.mark.parametrize("rotates", [True, False])
async def test_a_token_that_ends_in_mid_listing_is_renewed(visit: Visit, *, rotates: bool) -> None:
    """
    Nobody notices: the listing is whole, and a new process goes on with what was stored.
    """
    visit.sandbox.quirks = Quirks(refresh_rotates=rotates, refresh_revokes_access=True)
    visit.sandbox.faults.add(Fault(faults.ExpireToken(), to="GET /people", page=3))
    vault = MemoryVault()
    first = visit.connected(visit.grant(vault))
    assert visit.everybody() == await listed(first, PeopleQuery(max=100))
    visit.sandbox.faults.verify()
    second = visit.connected(visit.grant(vault))
    assert visit.everybody() == await listed(second, PeopleQuery())
    refreshed = [entry for entry in visit.sandbox.trace.requests() if entry.template == "/access_token"]
    assert 2 == len(refreshed)
    await first.aclose()
    await second.aclose()


async def test_a_wrong_client_secret_gives_no_token(visit: Visit) -> None:
    """
    Told as such, with a tracking id; nothing else was asked.
    """
    credentials = replace(visit.sandbox.credentials, client_secret="wrong")
    oauth = OAuthClient(f"{visit.settings.service_uri}/access_token", credentials.client_id, Secret("wrong"))
    tokens = RefreshGrant(oauth, Secret(credentials.refresh_token), vault=MemoryVault(), clock=VirtualClock())
    client = visit.connected(tokens)
    with pytest.raises(TokenRefused) as caught:
        await client.roles.list(NOW)
    assert caught.value.tracking_id
    assert 1 == visit.sandbox.trace.count
    await client.aclose()


@pytest.mark.parametrize("said", RetryAfter)
@pytest.mark.parametrize("shape", [FixedWindow(20, 5), TokenBucket(5, 10), PerUser(5, 10)])
async def test_under_a_limit_everything_is_answered_in_the_end(visit: Visit, shape: Shape, said: RetryAfter) -> None:
    """
    A hundred reads and writes at once, five a second allowed: each is answered exactly once.
    """
    visit.sandbox.quirks = Quirks(retry_after=said)
    visit.sandbox.limits.restart(shape)
    people, before = visit.client.people, visit.sandbox.world.people_count
    bodies = [{"emails": [f"n{n}@acme.example"], "displayName": f"N {n}"} for n in range(50)]
    reads = [people.me(Call(Lane.BULK if n % 2 else Lane.INTERACTIVE)) for n in range(50)]
    made = await asyncio.gather(*(people.create(body, BULK) for body in bodies), *reads)
    assert 100 == len(made)
    assert before + 50 == visit.sandbox.world.people_count


async def test_a_dry_run_leaves_the_organisation_alone(visit: Visit) -> None:
    """
    Every write of every resource; reads go through.
    """
    client, dry = visit.client, Call(dry_run=True)
    me = await client.people.me(dry)
    writes = visit.sandbox.world.writes
    attempts = [
        client.people.create({}, dry),
        client.people.replace(me["id"], {}, dry),
        client.people.delete(me["id"], dry),
        client.groups.create({}, dry),
        client.groups.update("g", {}, dry),
        client.groups.change_members("g", [me["id"]], [], dry),
        client.groups.delete("g", dry),
        client.licenses.assign(me["id"], [LicenseChange("l")], [], dry),
    ]
    for attempt in attempts:
        with pytest.raises(Withheld):
            await attempt
    assert (writes, 0) == (visit.sandbox.world.writes, visit.sandbox.trace.writes)
