"""
Every call of the sandbox, held against what Cisco publishes of it.

Webex OpenAPI specifications, Cisco Systems, https://github.com/webex/webex-openapi-specs, CC BY 4.0.
"""

import json
from pathlib import Path

import pytest

from fakes.published import CORRECTIONS, FOLDER, Correction, Exchange, Published
from fakes.tour import tour
from fakes.virtual_time import VirtualClock
from fakes.witness import Witness, complaints
from webex_connector.sandbox.sandbox import ROUTES, Sandbox

_PUBLISHED = Published()

_UNPUBLISHED = {"GET /v1/groups/{id}/Members": "another spelling of /members, which Webex answers too"}
"""
The calls of the sandbox without a definition, and why. Those that need no token are OAuth's, which Cisco describes in
words (https://developer.webex.com/docs/integrations).
"""

_REFUSED = 400


@pytest.fixture
async def heard(clock: VirtualClock) -> list[Exchange]:
    """
    What is said on a walk past all calls.
    """
    sandbox = Sandbox(people=20, clock=clock)
    witness = Witness(sandbox)
    async with witness.serving() as address:
        await tour(address, sandbox)
    return witness.exchanges


def _all_complaints(heard: list[Exchange], published: Published) -> list[str]:
    """
    What is refused was wrong on purpose: there the answers alone have to fit.
    """
    done = [exchange for exchange in heard if exchange.status < _REFUSED]
    refused = [exchange for exchange in heard if exchange.status >= _REFUSED]
    return [*complaints(done, published), *complaints(refused, published, requests=False)]


async def test_every_call_fits_its_definition(heard: list[Exchange]) -> None:
    """
    What succeeds fits, request and answer, and so do the answers that refuse.
    """
    assert [] == _all_complaints(heard, _PUBLISHED)


async def test_the_walk_leaves_nothing_out(heard: list[Exchange]) -> None:
    """
    Every published call is made, and ends in each way of succeeding that is published.
    """
    calls = [(_PUBLISHED.find(exchange.method, exchange.path), exchange.status) for exchange in heard]
    seen = {(call.name, status) for call, status in calls if call is not None and status < _REFUSED}
    assert {(call.name, status) for call in _PUBLISHED.calls for status in call.successes} == seen


def test_every_call_of_the_sandbox_is_published() -> None:
    """
    There is no call that nobody described, but for OAuth's and those with a reason.
    """
    calls = [(route.method, f"{route.root}{route.template}") for route in ROUTES if route.scopes]
    assert _UNPUBLISHED.keys() == {" ".join(call) for call in calls if _PUBLISHED.find(*call) is None}
    assert all(_UNPUBLISHED.values())


async def test_every_correction_is_needed(heard: list[Exchange]) -> None:
    """
    Without any one of them, something that the sandbox says or understands would not fit.
    """

    def others(without: Correction) -> list[Correction]:
        return [each for each in CORRECTIONS if each is not without]

    assert [] == [each.at for each in CORRECTIONS if not _all_complaints(heard, Published(others(each)))]


def test_every_correction_is_applied_once() -> None:
    """
    Each names its own place and what is really published there, says something else, and tells why.
    """
    assert len(CORRECTIONS) == len({(each.resource, each.at) for each in CORRECTIONS})
    assert all(each.published != each.used and each.why for each in CORRECTIONS)
    for correction in CORRECTIONS:
        with pytest.raises(ValueError, match="corrected already"):
            Published([*CORRECTIONS, correction])


def test_a_correction_of_something_else_is_refused() -> None:
    """
    When Cisco mends a definition, its correction says that it is out of date.
    """
    stale = Correction("people", "/schemas/Person/properties/title", {"type": "number"}, {"type": "string"}, "a test")
    with pytest.raises(ValueError, match="not what was published"):
        Published([stale])


@pytest.mark.parametrize("path", sorted(FOLDER.glob("definitions/*.json")), ids=lambda path: path.stem)
def test_every_file_names_its_source_and_licence(path: Path) -> None:
    """
    As CC BY 4.0 asks: title, author, place, licence, and that something was changed.
    """
    source = json.loads(path.read_text())["source"]
    assert "Webex OpenAPI specifications" == source["title"]
    assert "Cisco Systems" == source["by"]
    assert "https://github.com/webex/webex-openapi-specs" in source["from"]
    assert "https://creativecommons.org/licenses/by/4.0/" in source["licence"]
    assert "Reduced" in source["changes"]
    assert source["commit"]
    assert source["file"]
