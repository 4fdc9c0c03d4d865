"""
Everything that can go wrong at Webex, during everything that clients ask for by SCIM; over a socket.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from fakes.beside import beside
from fakes.fault_scim_door import ALL_ARRIVED, KINDS_HERE, LASTING, WRITES, Trial, checked, fault
from fakes.fault_scim_forms import BESIDE, FORMS, INSTEAD
from fakes.fault_teams import PERSONAL, entitled, founded
from fakes.mirrors import mirrored
from fakes.scim_door import ScimDoor, scim_door
from fakes.virtual_time import VirtualClock
from webex_connector.gateway.scim.errors import AMBIGUOUS, ERROR_URN
from webex_connector.gateway.scim.manner import USUAL, Manner
from webex_connector.icf.operations import Connector
from webex_connector.mirror.mirror import Mirror
from webex_connector.sandbox.quirks import Quirks
from webex_connector.store.engine import Database

pytestmark = pytest.mark.long

ENOUGH = 130


@pytest.mark.parametrize("trial", [*WRITES, *FORMS], ids=lambda each: each.name)
async def test_a_client_that_writes_is_told_what_became_of_it(trial: Trial, clock: VirtualClock) -> None:
    """
    A success that is one, a request to come back when nothing happened, or the plain word that nobody knows. Each kind
    of failure strikes each request once; those that last do so for as long as it takes. Groups, teams in their place,
    both, and over a mirror, which shows the truth afterwards.
    """
    async with _door_of(trial, clock) as door:
        # The road and what can be granted are asked for once.
        await door.get("/Users", count=1)
        cases = [(to, kind, False) for to in trial.to for kind in KINDS_HERE]
        cases += [(to, kind, True) for to in trial.to for kind in LASTING]
        for number, (to, kind, for_good) in enumerate(cases):
            if trial.before is not None:
                await trial.before(door, number)
            before = trial.state(door, number)
            scheduled = fault(KINDS_HERE[kind], to, for_good=for_good)
            for each in (scheduled, *trial.blind):
                door.hub.sandbox.faults.add(each)
            answer = await trial.send(door, number)
            await clock.sleep(ALL_ARRIVED)
            try:
                door.hub.sandbox.faults.verify()
                checked(answer, before, trial.state(door, number), trial.wanted(door, number))
                door.hub.sandbox.faults.clear()
                if trial.shown is not None:
                    shown, there = await trial.shown(door, number), trial.state(door, number)
                    assert shown == there, f"{answer.status_code}; {shown} is shown, the organisation has {there}"
            except AssertionError as wrong:
                raise AssertionError(f"{to}, {kind}, {'for good' if for_good else 'once'}: {wrong}") from wrong


@asynccontextmanager
async def _door_of(trial: Trial, clock: VirtualClock) -> AsyncIterator[ScimDoor]:
    mirrors: list[Mirror] = []

    def wrapped(connector: Connector, database: Database) -> Connector:
        if trial.shown is None:
            return beside(connector, database)
        mirrors.append(mirrored(connector, database, clock))
        return mirrors[-1]

    properties = PERSONAL if trial.teams else {}
    async with scim_door(
        clock, trial.manner, people=ENOUGH, road=trial.road, wrapped=wrapped, properties=properties
    ) as door:
        entitled(door.hub.sandbox.world)
        for refresher in (each for mirror in mirrors for each in mirror.refreshers.values()):
            assert await refresher.refresh()
        yield door


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize(
    ("path", "to", "manner"),
    [
        ("/Users?count=100", "GET /people", USUAL),
        ("/Users?count=100&cursor=", "GET /people", USUAL),
        ("/Users?filter=title%20pr&count=100", "GET /people", USUAL),
        ("/Groups?count=100", "GET /groups", USUAL),
        ("/Groups?count=100", "GET /teams", INSTEAD),
        ("/Teams?attributes=members", "GET /team/memberships", BESIDE),
    ],
)
async def test_a_list_is_whole_or_an_error(
    path: str, to: str, manner: Manner, clock: VirtualClock, *, for_good: bool
) -> None:
    """
    Never short and never empty: people who are missing in a list would be deleted, or made again.
    """
    async with scim_door(clock, manner, people=20, properties=PERSONAL) as door:
        founded(door.hub.sandbox.world)
        whole = await _listed(door, path)
        for kind, effect in KINDS_HERE.items():
            door.hub.sandbox.faults.add(fault(effect, to, for_good=for_good))
            answer = await door.send("GET", path)
            await clock.sleep(ALL_ARRIVED)
            door.hub.sandbox.faults.verify()
            door.hub.sandbox.faults.clear()
            if answer.status_code == httpx2.codes.OK:
                assert whole == [each["id"] for each in answer.json()["Resources"]], kind
                continue
            assert answer.status_code in {400, 429, 503}, (kind, answer.text)
            assert [ERROR_URN] == answer.json()["schemas"]
            assert answer.status_code == httpx2.codes.BAD_REQUEST or int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("path", ["/Users?count=100", "/Users?filter=title%20pr&count=100"])
async def test_an_empty_page_is_not_the_end_of_a_list(path: str, clock: VirtualClock) -> None:
    """
    Webex may show an empty page with a link to the next one.
    """
    async with scim_door(clock, people=250) as door:
        whole = await _listed(door, path)
    async with scim_door(clock, people=250, quirks=Quirks(short_pages=(3, 0, 0, 2))) as door:
        assert whole == await _listed(door, path)


async def _listed(door: ScimDoor, path: str) -> list[Any]:
    return [each["id"] for each in (await door.send("GET", path)).json()["Resources"]]


_ERROR = {"schemas": [ERROR_URN], "detail": "Webex is busy"}


@pytest.mark.parametrize(
    "planted",
    [
        (httpx2.Response(200, json={"title": "new"}), "old"),
        (httpx2.Response(503, json={**_ERROR, "status": "503"}, headers={"Retry-After": "3"}), "new"),
        (httpx2.Response(403, json={**_ERROR, "status": "403"}), "old"),
        (httpx2.Response(500, json={**_ERROR, "status": "500"}), "old"),
    ],
    ids=["a lie", "done all the same", "blames the client", "our own fault"],
)
def test_the_checker_complains(planted: tuple[httpx2.Response, str]) -> None:
    """
    Of a success that is none, of a failure that changed something, and of an answer that sends the client astray.
    """
    answer, after = planted
    with pytest.raises(AssertionError):
        checked(answer, "old", after, "new")


def test_the_checker_takes_an_open_end() -> None:
    """
    Nobody knows, and the client is told to look.
    """
    detail = f"{AMBIGUOUS}: no answer"
    checked(httpx2.Response(500, json={**_ERROR, "status": "500", "detail": detail}), "old", "new", "new")
