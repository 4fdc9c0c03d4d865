"""
The sandbox seen by Cisco's community client, which insists on exact statuses and follows links in its own way.

webexpythonsdk: https://github.com/WebexCommunity/WebexPythonSDK. It blocks while it waits, so the sandbox runs on a
real event loop in a thread of its own.
"""

import asyncio
import threading
from collections.abc import Iterator
from itertools import islice

import pytest
from webexpythonsdk import ApiError, RateLimitWarning, WebexAPI  # type: ignore[import-untyped]  # it has no types

from webex_connector.sandbox import catalogue, rendering, scenarios
from webex_connector.sandbox.limits import FixedWindow
from webex_connector.sandbox.quirks import CursorShape, NextLink, Quirks
from webex_connector.sandbox.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Sandbox:
    """
    An organisation large enough for several pages.
    """
    return Sandbox(people=250)


@pytest.fixture
def address(sandbox: Sandbox) -> Iterator[str]:
    """
    Where the sandbox answers, while the test runs.
    """
    loop = asyncio.new_event_loop()
    serving = sandbox.serving()
    address = loop.run_until_complete(serving.__aenter__())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield address
    finally:
        asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def webex(sandbox: Sandbox, address: str) -> Iterator[WebexAPI]:
    """
    The foreign client, pointed at the sandbox.
    """
    client = WebexAPI(access_token=sandbox.credentials.access_token, base_url=f"{address}/v1/")
    yield client
    client._session._req_session.close()


@pytest.mark.parametrize("shape", CursorShape)
@pytest.mark.parametrize("link", NextLink)
@pytest.mark.filterwarnings("ignore:`max=null` still present:RuntimeWarning")
def test_people_are_listed_to_the_last(link: NextLink, shape: CursorShape, webex: WebexAPI, sandbox: Sandbox) -> None:
    """
    The client's paging finds everybody once, whatever the links look like: it mends the known faults, with a warning.
    """
    sandbox.quirks = Quirks(next_link=link, people_cursor=shape)
    expected = [person.email for _, person in sandbox.world.people()]

    assert expected == [person.emails[0] for person in webex.people.list(max=60)]
    pages = [entry for entry in sandbox.trace.requests(template="/people") if entry.status == 200]
    assert 5 == len(pages)


def test_a_list_can_be_left(webex: WebexAPI, sandbox: Sandbox) -> None:
    """
    Whoever takes a few of them causes no further request.
    """
    assert 3 == len(list(islice(webex.people.list(max=10), 3)))
    assert 1 == sandbox.trace.count


def test_the_life_of_a_person(webex: WebexAPI, sandbox: Sandbox) -> None:
    """
    Created with a licence and a role, found, changed, and deleted: the client accepts every status.
    """
    licenses = [rendering.license_id(sandbox.world, catalogue.MESSAGING)]
    role = next(role.id for role in webex.roles.list() if role.name == "User Administrator")
    made = webex.people.create(
        emails=["tove@acme.example"], displayName="Tove Berg", firstName="Tove", licenses=licenses, roles=[role]
    )
    found = list(webex.people.list(email="tove@acme.example"))
    changed = webex.people.update(
        made.id, emails=made.emails, displayName="Tove B", licenses=made.licenses, roles=made.roles
    )
    inside = sandbox.world.person_at("tove@acme.example")

    assert [made.id] == [person.id for person in found]
    assert made.id == webex.people.get(made.id).id
    assert inside is not None
    assert ("Tove B", ("id_user_admin",)) == (inside.display_name, inside.roles)
    assert "Tove B" == changed.displayName
    assert catalogue.MESSAGING in inside.licenses
    webex.people.delete(made.id)
    assert sandbox.world.person(inside.uuid) is None
    assert scenarios.ADMIN == webex.people.me().emails[0]


def test_refusals_are_understood(webex: WebexAPI, sandbox: Sandbox) -> None:
    """
    Status, message and tracking id are where the client looks for them.
    """
    with pytest.raises(ApiError) as unknown:
        webex.people.get("a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")
    with pytest.raises(ApiError) as taken:
        webex.people.create(emails=[scenarios.ADMIN], displayName="Ada")

    last = sandbox.trace.requests()[-1].tracking_id
    assert (404, 409) == (unknown.value.status_code, taken.value.status_code)
    assert "The requested resource could not be found." == unknown.value.message
    assert last == taken.value.details["trackingId"]


def test_a_put_without_an_answer_is_too_much_for_it(webex: WebexAPI, sandbox: Sandbox) -> None:
    """
    With the habit of answering 204 the change is made, and this client takes it for a failure.
    """
    sandbox.quirks = Quirks(put_status=204)
    john = next(iter(webex.people.list(email=scenarios.SAMPLE)))
    with pytest.raises(ApiError) as failed:
        webex.people.update(john.id, emails=john.emails, displayName="J", licenses=john.licenses)

    inside = sandbox.world.person_at(scenarios.SAMPLE)
    assert inside is not None
    assert (204, "J") == (failed.value.status_code, inside.display_name)


def test_roles_and_organisations(webex: WebexAPI) -> None:
    """
    Both are listed and read one by one.
    """
    roles, organisations = list(webex.roles.list()), list(webex.organizations.list())

    assert [role.name for role in catalogue.ROLES] == [role.name for role in roles]
    assert roles[0].id == webex.roles.get(roles[0].id).id
    assert ["Acme Example"] == [organisation.displayName for organisation in organisations]
    assert organisations[0].id == webex.organizations.get(organisations[0].id).id


def test_the_life_of_a_team(webex: WebexAPI, sandbox: Sandbox) -> None:
    """
    Made, renamed, joined, handed over and deleted, page by page.
    """
    made = webex.teams.create("Choir")
    renamed = webex.teams.update(made.id, "Band")
    for number in range(3):
        webex.teams.create(f"Team {number}")
    joined = webex.team_memberships.create(made.id, personEmail=scenarios.SAMPLE)
    (own,) = (one for one in webex.team_memberships.list(made.id, max=1) if one.personEmail == scenarios.ADMIN)
    with pytest.raises(ApiError) as stuck:
        webex.team_memberships.delete(own.id)
    promoted = webex.team_memberships.update(joined.id, isModerator=True)
    teams = [team.name for team in webex.teams.list(max=2)]
    webex.team_memberships.delete(joined.id)

    inside = sandbox.world.teams
    assert ("Band", False, True) == (renamed.name, joined.isModerator, promoted.isModerator)
    assert 400 == stuck.value.status_code
    assert ["Band", "Team 0", "Team 1", "Team 2"] == teams == [team.name for team in inside.values()]
    assert [1, 1, 1, 1] == [len(team.members) for team in inside.values()]
    assert "Band" == webex.teams.get(made.id).name
    webex.teams.delete(made.id)
    assert 3 == len(inside)


def test_audit_events_come_in_pages(webex: WebexAPI, sandbox: Sandbox) -> None:
    """
    The client reads what was done.
    """
    for number in range(3):
        webex.teams.create(f"Team {number}")
    organisation = next(iter(webex.organizations.list())).id
    year = rendering.moment(sandbox.world.now())[:4]
    events = webex.admin_audit_events.list(organisation, f"{year}-01-01T00:00:00Z", f"{year}-12-31T23:59:59Z")

    assert ["Team 2", "Team 1", "Team 0"] == [event.data.targetName for event in events]


def test_throttling_is_waited_out(webex: WebexAPI, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The client obeys `Retry-After` and gets its answer; it warns of the wait.
    """
    sandbox.limits.change(FixedWindow(requests=1, seconds=3600))
    # The client would sleep for up to an hour; the organisation's time passes instead.
    monkeypatch.setattr("webexpythonsdk.restsession.time.sleep", sandbox.clock.advance)

    with pytest.warns(RateLimitWarning):
        people = [webex.people.me() for _ in range(3)]

    assert 3 == len(people)
    assert 2 == sandbox.limits.refused
