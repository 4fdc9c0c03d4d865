"""
Requests that are made up from the door's own schemas, sent to a server: it is never at fault, never silent, and what it
refuses has changed nothing.

A few dozen of each kind, spread over the forms that a system has, always the same, with every run of the tests;
`make fuzz` makes thousands of new ones.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.scim_fuzz import bodies_of, bulks_of, filters_of, patches_of, paths_of, queries_of
from fakes.scim_house import TOKEN, Form, scim_house
from webex_connector.gateway.scim.errors import ERROR_URN, Kind

pytestmark = pytest.mark.long

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "20"))
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


FORMS: Mapping[str, Form] = {
    "groups": Form(),
    "teams": Form(groups="teams"),
    "both": Form(road="scim", groups="both"),
    "mirrored": Form(road="scim", groups="both", mirrored=True, organization=1),
}


@dataclass
class Fuzzed:
    """
    A system of the server, what it says it has, and what was in the organisation last.
    """

    name: str
    http: httpx2.Client
    writers: list["Fuzzed"]
    """
    Whoever wrote, of all systems.
    """
    users: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    uid: str = ""
    several: list[str] = field(default_factory=list)
    """
    The address of something with members, of each type that there is.
    """
    cursor: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    def world(self) -> dict[str, Any]:
        """
        Return everybody, every group and every team as they are.
        """
        paths = ["/Users", *(each.rpartition("/")[0] for each in self.several)]
        return {path: self.http.get(path, params={"count": "1000"}).json() for path in paths}

    def about_to_write(self) -> None:
        """
        Look again where another system of the organisation may have written.
        """
        if not self.writers or self.writers[-1] is not self:
            self.writers.append(self)
            self.seen = self.world()

    def send(self, method: str, path: str, **more: Any) -> None:
        """
        Send a request. Raises AssertionError for an answer that it must not have.
        """
        reads = method == "GET" or path.endswith("/.search")
        if not reads:
            self.about_to_write()
        answer = self.http.request(method, path, **more)
        sound(answer)
        if reads:
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
def forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Fuzzed]]:
    """
    A server with a system of each form, which are asked for their schemas.
    """
    headers, writers = {"Authorization": f"Bearer {TOKEN}"}, list[Fuzzed]()
    with scim_house(tmp_path_factory.mktemp("house"), FORMS) as house, ExitStack() as stack:
        found = [
            Fuzzed(
                each,
                stack.enter_context(httpx2.Client(base_url=house.base(each), headers=headers, timeout=_PATIENCE)),
                writers,
            )
            for each in FORMS
        ]
        for each in found:
            _prepare(each)
        yield found


def _prepare(it: Fuzzed) -> None:
    schemas = it.http.get("/Schemas").json()["Resources"]
    it.users = [each for each in schemas if each["id"].endswith(":User")]
    it.groups = [each for each in schemas if each["id"].endswith((":Group", ":Team"))]
    page = it.http.get("/Users", params={"cursor": "", "count": "3"}).json()
    it.uid, it.cursor = page["Resources"][2]["id"], page["nextCursor"]
    for kind in it.http.get("/ResourceTypes").json()["Resources"]:
        if kind["id"] in {"Group", "Team"}:
            body = {"displayName": f"Fuzzed {it.name}", "members": [{"value": it.uid}]}
            made = it.http.post(kind["endpoint"], json=body)
            it.several.append(f"{kind['endpoint']}/{made.json()['id']}")


def form(data: st.DataObject, forms: list[Fuzzed]) -> Fuzzed:
    """
    Choose a system.
    """
    return forms[data.draw(st.integers(0, len(forms) - 1))]


@FUZZ
@given(data=st.data())
def test_filters(forms: list[Fuzzed], data: st.DataObject) -> None:
    """
    In the address, and in the body of a search.
    """
    fuzzed = form(data, forms)
    text = data.draw(filters_of(paths_of(fuzzed.users)))
    fuzzed.send("GET", "/Users", params={"filter": text})
    for each in fuzzed.several:
        fuzzed.send("POST", f"{each.rpartition('/')[0]}/.search", json={"filter": text})


@FUZZ
@given(data=st.data())
def test_pages_order_and_projection(forms: list[Fuzzed], data: st.DataObject) -> None:
    """
    All at once, with cursors that are damaged.
    """
    fuzzed = form(data, forms)
    fuzzed.send("GET", "/Users", params=data.draw(queries_of(paths_of(fuzzed.users), fuzzed.cursor)))
    fuzzed.send("GET", f"/Users/{fuzzed.uid}", params=data.draw(queries_of(paths_of(fuzzed.users), fuzzed.cursor)))


@FUZZ
@given(data=st.data())
def test_changes_of_users_and_groups(forms: list[Fuzzed], data: st.DataObject) -> None:
    """
    Operations on every attribute, with values of every type.
    """
    fuzzed = form(data, forms)
    fuzzed.send("PATCH", f"/Users/{fuzzed.uid}", json=data.draw(patches_of(fuzzed.users)))
    fuzzed.send("PATCH", data.draw(st.sampled_from(fuzzed.several)), json=data.draw(patches_of(fuzzed.groups)))


@FUZZ
@given(data=st.data())
def test_resources(forms: list[Fuzzed], data: st.DataObject) -> None:
    """
    To be made, and to take the place of one that is there.
    """
    fuzzed = form(data, forms)
    body = data.draw(bodies_of(fuzzed.users, "userName"))
    fuzzed.send(data.draw(st.sampled_from(["POST", "PUT"])), "/Users", json=body)
    fuzzed.send("PUT", f"/Users/{fuzzed.uid}", json=body)
    several = data.draw(st.sampled_from(fuzzed.several))
    fuzzed.send("PUT", several, json=data.draw(bodies_of(fuzzed.groups, "displayName")))
    fuzzed.send("POST", several.rpartition("/")[0], json=data.draw(bodies_of(fuzzed.groups, "displayName")))


@FUZZ
@given(data=st.data())
def test_bulk(forms: list[Fuzzed], data: st.DataObject) -> None:
    """
    Operations of all kinds in one request; each has its own end, and none of them is our fault.
    """
    fuzzed = form(data, forms)
    fuzzed.about_to_write()
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
@given(data=st.data())
def test_bodies_that_are_no_json(forms: list[Fuzzed], data: st.DataObject) -> None:
    """
    With any media type.
    """
    fuzzed = form(data, forms)
    content = data.draw(st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode)))
    kind = data.draw(st.one_of(st.just("application/scim+json"), st.text("aj/+-;s", max_size=9)))
    for method, path in (("PATCH", f"/Users/{fuzzed.uid}"), ("POST", "/Bulk")):
        fuzzed.send(method, path, content=content, headers={"Content-Type": kind})


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
