"""
Requests that are made up from the door's own schemas, sent to a server: it is never at fault, never silent, and what it
refuses has changed nothing.

A few dozen of each kind, always the same, with every run of the tests; `make fuzz` makes thousands of new ones.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.scim_fuzz import bodies_of, bulks_of, filters_of, patches_of, paths_of, queries_of
from fakes.scim_house import TOKEN, scim_house
from webex_connector.gateway.scim.errors import ERROR_URN, Kind

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
_PATIENCE = 60
_FINE = frozenset({200, 201, 204})
_REFUSED = frozenset({400, 404, 405, 409, 412, 413, 415, 501})
_HALF = "Not everything could be done"
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Fuzzed:
    """
    The server, what it says it has, and what was in the organisation last.
    """

    http: httpx2.Client
    users: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    uid: str = ""
    group: str = ""
    cursor: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    def world(self) -> dict[str, Any]:
        """
        Return everybody and every group as they are.
        """
        return {path: self.http.get(path, params={"count": "1000"}).json() for path in ("/Users", "/Groups")}

    def send(self, method: str, path: str, **more: Any) -> None:
        """
        Send a request. Raises AssertionError for an answer that it must not have.
        """
        answer = self.http.request(method, path, **more)
        sound(answer)
        if method == "GET" or path.endswith("/.search"):
            return
        world = self.world()
        if answer.status_code in _REFUSED and not answer.json()["detail"].startswith(_HALF):
            assert world == self.seen, answer.text
        self.seen = world


def sound(answer: httpx2.Response) -> None:
    """
    Raise AssertionError unless an answer is a success or an error in the form of the standard.
    """
    if answer.status_code in _FINE:
        return
    assert answer.status_code in _REFUSED, f"{answer.status_code} {answer.text}"
    body = answer.json()
    assert ([ERROR_URN], str(answer.status_code)) == (body["schemas"], body["status"])
    assert body.get("scimType") in {None, *(each.value for each in Kind)}


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    """
    A server that is asked for its schemas.
    """
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with (
        scim_house(tmp_path_factory.mktemp("house")) as house,
        httpx2.Client(base_url=house.base("scim"), headers=headers, timeout=_PATIENCE) as http,
    ):
        schemas = http.get("/Schemas").json()["Resources"]
        it = Fuzzed(
            http,
            [each for each in schemas if each["id"].endswith(":User")],
            [each for each in schemas if each["id"].endswith(":Group")],
        )
        page = http.get("/Users", params={"cursor": "", "count": "3"}).json()
        it.uid, it.cursor = page["Resources"][2]["id"], page["nextCursor"]
        it.group = http.get("/Groups").json()["Resources"][0]["id"]
        it.seen = it.world()
        yield it


@FUZZ
@given(data=st.data())
def test_filters(fuzzed: Fuzzed, data: st.DataObject) -> None:
    """
    In the address, and in the body of a search.
    """
    text = data.draw(filters_of(paths_of(fuzzed.users)))
    fuzzed.send("GET", "/Users", params={"filter": text})
    fuzzed.send("POST", "/Groups/.search", json={"filter": text})


@FUZZ
@given(data=st.data())
def test_pages_order_and_projection(fuzzed: Fuzzed, data: st.DataObject) -> None:
    """
    All at once, with cursors that are damaged.
    """
    fuzzed.send("GET", "/Users", params=data.draw(queries_of(paths_of(fuzzed.users), fuzzed.cursor)))
    fuzzed.send("GET", f"/Users/{fuzzed.uid}", params=data.draw(queries_of(paths_of(fuzzed.users), fuzzed.cursor)))


@FUZZ
@given(data=st.data())
def test_changes_of_users_and_groups(fuzzed: Fuzzed, data: st.DataObject) -> None:
    """
    Operations on every attribute, with values of every type.
    """
    fuzzed.send("PATCH", f"/Users/{fuzzed.uid}", json=data.draw(patches_of(fuzzed.users)))
    fuzzed.send("PATCH", f"/Groups/{fuzzed.group}", json=data.draw(patches_of(fuzzed.groups)))


@FUZZ
@given(data=st.data())
def test_resources(fuzzed: Fuzzed, data: st.DataObject) -> None:
    """
    To be made, and to take the place of one that is there.
    """
    body = data.draw(bodies_of(fuzzed.users, "userName"))
    fuzzed.send(data.draw(st.sampled_from(["POST", "PUT"])), "/Users", json=body)
    fuzzed.send("PUT", f"/Users/{fuzzed.uid}", json=body)
    fuzzed.send("PUT", f"/Groups/{fuzzed.group}", json=data.draw(bodies_of(fuzzed.groups, "displayName")))


@FUZZ
@given(data=st.data())
def test_bulk(fuzzed: Fuzzed, data: st.DataObject) -> None:
    """
    Operations of all kinds in one request; each has its own end, and none of them is our fault.
    """
    bulk = data.draw(bulks_of(bodies_of(fuzzed.users, "userName"), patches_of(fuzzed.users), fuzzed.uid))
    answer = fuzzed.http.post("/Bulk", json=bulk)
    sound(answer)
    if answer.status_code == httpx2.codes.OK:
        statuses = {int(each["status"]) for each in answer.json()["Operations"]}
        assert statuses <= _FINE | _REFUSED, answer.text
    else:
        assert fuzzed.seen == fuzzed.world()
    fuzzed.seen = fuzzed.world()


@FUZZ
@given(
    content=st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode)), kind=st.text("aj/+-;s", max_size=9)
)
def test_bodies_that_are_no_json(fuzzed: Fuzzed, content: bytes, kind: str) -> None:
    """
    With any media type.
    """
    for media in ("application/scim+json", kind):
        headers = {"Content-Type": media}
        fuzzed.send("PATCH", f"/Users/{fuzzed.uid}", content=content, headers=headers)
        fuzzed.send("POST", "/Bulk", content=content, headers=headers)


@pytest.mark.parametrize(
    "planted",
    [
        httpx2.Response(500, json={"schemas": [ERROR_URN], "status": "500", "detail": "x"}),
        httpx2.Response(400, json={"detail": "x", "schemas": [], "status": "400"}),
        httpx2.Response(400, json={"schemas": [ERROR_URN], "status": "400", "scimType": "madeUp", "detail": "x"}),
    ],
    ids=["our fault", "no error of SCIM", "a kind that nobody knows"],
)
def test_the_checker_complains(planted: httpx2.Response) -> None:
    """
    Of what no answer must be.
    """
    with pytest.raises(AssertionError):
        sound(planted)
