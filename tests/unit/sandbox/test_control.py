"""
The control API.
"""

from collections.abc import AsyncIterator

import httpx2
import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import catalogue, scenarios
from webex_connector.sandbox.limits import FixedWindow
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient


@pytest.fixture
async def control(sandbox: Sandbox) -> AsyncIterator[Client]:
    """
    A client of the control API, which can also reach the simulated one.
    """
    async with (
        sandbox.serving() as address,
        Client(base_url=f"{address}/__sandbox__", headers={"X-Sandbox-Token": "control"}) as client,
    ):
        yield client


async def _ask(control: Client, method: str, path: str) -> httpx2.Response:
    url = str(control.base_url).replace("/__sandbox__/", "/v1") + path
    return await control.request(method, url, headers={"Authorization": "Bearer sandbox-admin-token"})


@pytest.mark.parametrize("token", ["", "wrong", "Bearer control"])
async def test_a_token_of_its_own_is_required(token: str, control: Client, sandbox: Sandbox) -> None:
    """
    Without the token that was given at the start nothing is shown or changed.
    """
    answer = await control.post("/reset", headers={"X-Sandbox-Token": token})

    assert 401 == answer.status_code
    assert 401 == (await control.get("/summary", headers={"X-Sandbox-Token": token})).status_code


async def test_without_a_token_there_is_no_control_api(clock: VirtualClock) -> None:
    """
    A sandbox that was started without one has nothing there, not even for an empty token.
    """
    async with Sandbox(clock=clock).serving() as address, Client() as client:
        answer = await client.get(f"{address}/__sandbox__/summary", headers={"X-Sandbox-Token": ""})
    assert 404 == answer.status_code


async def test_the_summary_counts(control: Client) -> None:
    """
    People, groups, writes and requests are told; asking for them is not counted.
    """
    await _ask(control, "DELETE", "/groups/a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")
    await _ask(control, "GET", "/roles")

    told = (await control.get("/summary")).json()

    assert (100, 0, {"reads": 1, "writes": 1}) == (told["people"], told["writes"], told["requests"])
    assert {"admitted": 2, "refused": 0} == told["limits"]
    assert "2026-11-02T08:00:00.000Z" == told["now"]


async def test_seeding_replaces_the_organisation(control: Client, sandbox: Sandbox) -> None:
    """
    Another size and seed make another organisation, and the quirks stay; too few people are refused.
    """
    before = sandbox.world.person_at(scenarios.SAMPLE)
    sandbox.quirks = Quirks(put_status=204)

    made = await control.post("/seed", json={"people": 30, "seed": 9})
    refused = await control.post("/seed", json={"people": 1})

    assert (204, 400) == (made.status_code, refused.status_code)
    assert 30 == sandbox.world.people_count
    assert before != sandbox.world.person_at(scenarios.SAMPLE)
    assert Quirks(put_status=204) == sandbox.quirks


async def test_reset_begins_again(control: Client, sandbox: Sandbox) -> None:
    """
    After a reset the organisation is as seeded, without faults, limits, quirks or trace.
    """
    await control.put("/limits", json={"limit": {"shape": "window", "requests": 1, "seconds": 60}})
    await control.post("/faults", json={"effect": {"kind": "reset"}})
    await control.put("/quirks", json={"putStatus": 204})
    john = sandbox.world.person_at(scenarios.SAMPLE)
    assert john is not None
    sandbox.world.drop_person(john.uuid)

    assert 204 == (await control.post("/reset", headers={"Content-Type": "application/json"})).status_code

    assert john == sandbox.world.person_at(scenarios.SAMPLE)
    assert ((), None, 0, Quirks()) == (
        sandbox.faults.scheduled,
        sandbox.limits.shape,
        sandbox.trace.count,
        sandbox.quirks,
    )
    assert (0, 0, 0) == (sandbox.world.writes, sandbox.limits.admitted, sandbox.limits.refused)


async def test_the_clock_moves_forward_only(control: Client, sandbox: Sandbox) -> None:
    """
    Advancing the clock shows in what is written then; it cannot be set back.
    """
    moved = await control.post("/clock", json={"advance": 86_400})
    back = await control.post("/clock", json={"advance": -1})

    assert (204, 400) == (moved.status_code, back.status_code)
    assert "2026-11-03T08:00:00.000Z" == (await control.get("/summary")).json()["now"]


async def test_the_world_can_be_read(control: Client, sandbox: Sandbox) -> None:
    """
    People by address or from a place on, groups and licences are shown as they are inside.
    """
    found = (await control.get(f"/people?email={scenarios.SAMPLE.upper()}")).json()["people"]
    nobody = (await control.get("/people?email=nobody@acme.example")).json()["people"]
    rest = (await control.get("/people?start=91")).json()
    groups = (await control.get("/groups")).json()["groups"]
    licenses = {row["key"]: row for row in (await control.get("/licenses")).json()["licenses"]}

    assert (["John Doe"], []) == ([person["display_name"] for person in found], nobody)
    assert (100, 10) == (rest["total"], len(rest["people"]))
    assert len(sandbox.world.groups) == len(groups)
    assert licenses[catalogue.EXHAUSTED]["total"] == licenses[catalogue.EXHAUSTED]["consumed"]


async def test_faults_are_scheduled_and_watched(control: Client) -> None:
    """
    A fault added over HTTP strikes, and the schedule says how often it did.
    """
    fault = {"effect": {"kind": "throttle", "retry_after": 3}, "to": "GET /roles", "times": 2}

    added = await control.post("/faults", json=fault)
    struck = await _ask(control, "GET", "/roles")
    told = (await control.get("/faults")).json()["faults"]
    await control.delete("/faults")

    assert (201, {"number": 1}) == (added.status_code, added.json())
    assert (429, "3") == (struck.status_code, struck.headers["Retry-After"])
    assert [(1, 1, 1)] == [(entry["number"], entry["met"], entry["fired"]) for entry in told]
    assert [] == (await control.get("/faults")).json()["faults"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/faults", {"effect": {"kind": "earthquake"}}),
        ("POST", "/faults", {"effect": {"kind": "reset"}, "too": "GET /roles"}),
        ("PUT", "/limits", {"limit": {"shape": "window", "requests": 0, "seconds": 1}}),
        ("PUT", "/limits", {}),
        ("PUT", "/quirks", {"putStatus": 201}),
        ("PUT", "/quirks", {"unknown": True}),
        ("POST", "/seed", {}),
        ("POST", "/clock", {"advance": "a while"}),
        ("GET", "/trace?since=yesterday", None),
    ],
)
async def test_mistakes_are_named(method: str, path: str, body: object, control: Client, sandbox: Sandbox) -> None:
    """
    What cannot be understood is 400 and changes nothing.
    """
    answer = await control.request(method, path, json=body)

    assert 400 == answer.status_code
    assert answer.json()["errors"]
    assert ((), None, Quirks()) == (sandbox.faults.scheduled, sandbox.limits.shape, sandbox.quirks)


async def test_limits_change_in_mid_run(control: Client, sandbox: Sandbox) -> None:
    """
    A limit put in force over HTTP refuses the next request too many, and can be shown and lifted.
    """
    window = {"shape": "window", "requests": 1, "seconds": 60.0}

    await control.put("/limits", json={"limit": window})
    statuses = [(await _ask(control, "GET", "/roles")).status_code for _ in range(2)]
    shown = (await control.get("/limits")).json()
    await control.put("/limits", json={"limit": None})

    assert ([200, 429], {"limit": window}) == (statuses, shown)
    assert 200 == (await _ask(control, "GET", "/roles")).status_code
    assert FixedWindow(1, 60) != sandbox.limits.shape


async def test_quirks_are_shown_and_changed(control: Client, sandbox: Sandbox) -> None:
    """
    Those not named in a change return to their defaults.
    """
    await control.put("/quirks", json={"putStatus": 204, "peopleCursor": "cursor"})

    shown = (await control.get("/quirks")).json()

    assert (204, "cursor", 1000) == (shown["putStatus"], shown["peopleCursor"], shown["peoplePageCap"])
    await control.put("/quirks", json={})
    assert Quirks() == sandbox.quirks


async def test_the_trace_is_read_from_a_number_on(control: Client) -> None:
    """
    Requests can be followed from where one stopped reading, by method and path, and forgotten.
    """
    for path in ("/roles", "/licenses", "/roles"):
        await _ask(control, "GET", path)

    rest = (await control.get("/trace?since=1")).json()["requests"]
    roles = (await control.get("/trace?method=GET&path=/v1/roles")).json()["requests"]
    await control.delete("/trace")

    assert [2, 3] == [entry["n"] for entry in rest]
    assert [1, 3] == [entry["n"] for entry in roles]
    assert [] == (await control.get("/trace")).json()["requests"]


async def test_templates_are_put_in_force(control: Client, sandbox: Sandbox) -> None:
    """
    A licence template is used, shown and ended; an unknown licence is refused.
    """
    template = {"licenses": [catalogue.UNIFIED_CM]}
    used = await control.post("/templates", json={"template": template, "present": "preserve"})
    shown = (await control.get("/templates")).json()
    unknown = await control.post("/templates", json={"template": {"licenses": ["MS_none"]}})
    await control.post("/clock", json={"advance": 20})
    given = sandbox.world.consumed[catalogue.UNIFIED_CM]
    ended = await control.delete("/templates")

    assert (204, 400, 204) == (used.status_code, unknown.status_code, ended.status_code)
    assert "MS_none" in unknown.json()["errors"][0]["description"]
    assert {"templates": [{**template, "group": ""}]} == shown
    # Twenty-five units were bought, and then there are no more.
    assert (25, {}) == (given, sandbox.world.templates)


async def test_operations_of_bulk_requests_are_shown(control: Client, sandbox: Sandbox) -> None:
    """
    Those of all, or of one request by its number, each with where it belongs.
    """
    root = str(control.base_url).replace("/__sandbox__/", f"/identity/scim/{sandbox.world.organization.uuid}/v2")
    request = {"operations": [{"method": "DELETE", "path": "/Users/nobody"}]}
    for _ in range(2):
        await control.post(f"{root}/Bulk", json=request, headers={"Authorization": "Bearer sandbox-admin-token"})

    every = (await control.get("/trace/operations")).json()["operations"]
    second = (await control.get("/trace/operations?within=2&method=DELETE")).json()["operations"]
    assert [(1, 1), (1, 2)] == [(each["n"], each["within"]) for each in every]
    assert every[1:] == second
    assert [] == (await control.get("/trace/operations?method=POST")).json()["operations"]
