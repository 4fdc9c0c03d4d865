"""
Provisioning policies of the settings at every door: who gets licences by rule, who is told what, and what is left when
the process dies in the middle.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fakes.fault_operations import ADDRESS, KNOWN
from fakes.killing import Story, creating, killed_everywhere
from fakes.policies import holding, with_policies
from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.connectors import KINDS
from webex_connector.app.practice import practice_file
from webex_connector.app.settings_file import load
from webex_connector.base.clock import SystemClock
from webex_connector.icf import names
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.policy.provisioning import Policy
from webex_connector.sandbox import catalogue, urns
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.sandbox import Sandbox

LOGIN = {"X-OpenIDM-Username": "idm", "X-OpenIDM-Password": "right"}
NEW = "rita.new@acme.example"

POLICIES = """
[tables.licences]
values = { Sales = "yes" }

[systems.webex.policies.sales]
when = 'lookup("licences", source["department"]) == "yes" and matches(source["emails"][0], "@acme")'
licenses = ["Webex Meetings Suite"]
follow = true
otherwise = "remove_licenses"

[systems.webex.policies.everybody]
licenses = ["Advanced Messaging"]

[systems.webex.policies.travellers]
when = 'source["title"] == "Traveller"'
licenses = ["Real-Time Translations"]
follow = true
"""

# As Okta's provisioning of a user with a department looks.
OKTA = {
    "schemas": [urns.USER, urns.ENTERPRISE],
    "userName": NEW,
    "name": {"givenName": "Rita", "familyName": "New"},
    "emails": [{"primary": True, "value": NEW, "type": "work"}],
    "displayName": "Rita New",
    "externalId": "00u1",
    "active": True,
    urns.ENTERPRISE: {"department": "Sales"},
}


@dataclass(frozen=True)
class House:
    """
    The organisation, and a client at the doors in front of it.
    """

    sandbox: Sandbox
    http: httpx2.AsyncClient

    def licenses(self, address: str = NEW) -> set[str]:
        """
        Return the licences that somebody holds.
        """
        return set(self._person(address).licenses)

    def _person(self, address: str) -> Person:
        found = self.sandbox.world.person_at(address)
        assert found is not None
        return found


@asynccontextmanager
async def _house(folder: Path, policies: str = POLICIES, road: str = "people") -> AsyncIterator[House]:
    clock = SystemClock()
    sandbox = Sandbox(people=20, clock=clock)
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(sandbox.serving())
        for name, text in (
            ("secret", sandbox.credentials.client_secret),
            ("refresh", sandbox.credentials.refresh_token),
        ):
            (folder / name).write_text(text, "utf-8")
        (folder / "password").write_text("right", "utf-8")
        references = {"client_secret": "file:secret", "refresh_token": "file:refresh", "password": "file:password"}
        text = practice_file(address, sandbox.credentials, references, str(folder / "data"))
        text = text.replace("[systems.webex.configuration]\n", f'[systems.webex.configuration]\nroad = "{road}"\n')
        file = folder / "settings.toml"
        file.write_text(text + policies, "utf-8")
        settings = load(file, {}, KINDS)
        systems = await stack.enter_async_context(wiring.opened(settings, clock))
        transport = httpx2.ASGITransport(wiring.doors(systems, settings, clock))
        http = httpx2.AsyncClient(transport=transport, base_url="http://door")
        yield House(sandbox, await stack.enter_async_context(http))


async def _scim(house: House, method: str, path: str, body: Any) -> httpx2.Response:
    return await house.http.request(method, f"/scim/webex/v2{path}", json=body, auth=("idm", "right"))


@pytest.mark.real_time
@pytest.mark.parametrize("road", ["people", "scim"])
async def test_whom_okta_makes_has_the_licences_of_the_rule(tmp_path: Path, road: str) -> None:
    """
    Okta says nothing of licences; the user it makes has those of the policies that hold, and no others.
    """
    async with _house(tmp_path, road=road) as house:
        answer = await _scim(house, "POST", "/Users", OKTA)

        assert 201 == answer.status_code
        assert {catalogue.MEETINGS, catalogue.MESSAGING} <= house.licenses()
        assert catalogue.TRANSLATIONS not in house.licenses()


@pytest.mark.real_time
async def test_a_patch_moves_the_licences_and_never_fails_for_them(tmp_path: Path) -> None:
    """
    Who leaves the department loses its licence. A licence that there is not enough of makes no PATCH fail.
    """
    async with _house(tmp_path) as house:
        made = (await _scim(house, "POST", "/Users", OKTA)).json()
        department = f"{urns.ENTERPRISE}:department"
        operations = [
            {"op": "replace", "path": department, "value": "Legal"},
            {"op": "replace", "path": "title", "value": "Traveller"},
        ]
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}
        answer = await _scim(house, "PATCH", f"/Users/{made['id']}", body)

        assert 200 == answer.status_code
        assert catalogue.MEETINGS not in house.licenses()
        assert catalogue.MESSAGING in house.licenses()
        assert "Traveller" == answer.json()["title"]


@pytest.mark.real_time
async def test_rest_tells_what_could_not_be_given(tmp_path: Path) -> None:
    """
    The person is made, and `_warnings` names policy, licence and reason; a dry run says it before.
    """
    body = {"emails": [NEW], "displayName": "Rita New", "title": "Traveller"}
    path = "/openidm/system/webex/__ACCOUNT__?_action=create"
    async with _house(tmp_path) as house:
        dry = (await house.http.post(f"{path}&_dryRun=true", json=body, headers=LOGIN)).json()
        nobody = house.sandbox.world.person_at(NEW)
        answer = await house.http.post(path, json=body, headers=LOGIN)

        (warning,) = answer.json()["_warnings"]
        assert nobody is None
        assert 201 == answer.status_code
        assert "policy travellers gives Real-Time Translations: Webex did not assign" in warning["reason"]
        assert catalogue.MESSAGING in house.licenses()
        assert "policy travellers gives Real-Time Translations: no unit of it is left" in str(dry)


@pytest.mark.real_time
async def test_mistakes_are_told_before_anything_is_served(tmp_path: Path) -> None:
    """
    All of them, with file, line and what comes nearest.
    """
    policies = """
[systems.webex.policies.one]
when = 'source["departement"] == "Sales"'
licenses = ["x"]

[systems.webex.policies.two]
when = 'lowr(source["title"])'
licenses = ["x"]
"""
    with pytest.raises(ConfigurationInvalid) as found:
        async with _house(tmp_path, policies):
            pass

    lines = (tmp_path / "settings.toml").read_text("utf-8").splitlines()
    places = [number for number, line in enumerate(lines, 1) if line.startswith("when")]
    file = tmp_path / "settings.toml"
    assert (
        "Policies are wrong:\n"
        f"{file}:{places[0]}: policies.one.when, column 8: source has no attribute departement; "
        "did you mean department?\n"
        f"{file}:{places[1]}: policies.two.when, column 1: Name lowr used when not defined"
    ) == str(found.value)


# A condition that needs no sandbox, so that time may jump.
EVERYWHERE = Policy(
    "all",
    holding('source["displayName"]'),
    licenses=("Advanced Messaging",),
    roles=("Support Administrator",),
    groups=(KNOWN,),
    follow=True,
)


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_what_a_killed_process_left_out_is_given_by_asking_again(clock: VirtualClock, road: str) -> None:
    """
    Wherever the process dies, between person, licence, role and group too, the next call makes it whole.
    """
    async with with_policies([EVERYWHERE], clock) as wrapped:
        attributes = {"emails": (ADDRESS,), "displayName": ("Zoë New",), "department": ("Sales",)}
        story = Story(lambda _world: creating(names.ACCOUNT, attributes), settings={"wrapped": wrapped})

        assert await killed_everywhere(story, clock, road) > 2


async def test_without_following_the_killed_write_is_told_alone(clock: VirtualClock) -> None:
    """
    Planted: the checker of killed writes notices a group that nobody gave.
    """
    async with with_policies([replace(EVERYWHERE, follow=False)], clock) as wrapped:
        attributes = {"emails": (ADDRESS,), "displayName": ("Zoë New",), "department": ("Sales",)}
        story = Story(lambda _world: creating(names.ACCOUNT, attributes), settings={"wrapped": wrapped})

        with pytest.raises(AssertionError, match="not repaired"):
            await killed_everywhere(story, clock)
