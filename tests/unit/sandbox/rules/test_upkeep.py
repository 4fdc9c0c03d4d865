"""
What follows from a change is the same by whatever road it came.
"""

import httpx2
import pytest

from webex_connector.sandbox import catalogue, scenarios
from webex_connector.sandbox.agenda import Agenda
from webex_connector.sandbox.changes import ITSELF
from webex_connector.sandbox.records import Template
from webex_connector.sandbox.rules.templates import use
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

_DAY = 86_400
_CORE = "urn:ietf:params:scim:schemas:core:2.0"
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def _scim(api: Client, sandbox: Sandbox, path: str) -> str:
    origin = str(api.base_url).removesuffix("/v1/")
    return f"{origin}/identity/scim/{sandbox.world.organization.uuid}/v2/{path}"


async def _create(api: Client, sandbox: Sandbox) -> str:
    user = {"schemas": [f"{_CORE}:User"], "userName": "tove@acme.example", "userType": "user"}
    made = await api.post(_scim(api, sandbox, "Users"), json=user)
    assert 201 == made.status_code, made.text
    uuid: str = made.json()["id"]
    return uuid


async def test_a_person_made_by_scim(api: Client, sandbox: Sandbox) -> None:
    """
    Gets the template's licences, is an event, and is deleted thirty days after being switched off by SCIM.
    """
    use(sandbox.world, Template((catalogue.MESSAGING,)))
    uuid = await _create(api, sandbox)
    sandbox.clock.advance(20)
    person = sandbox.world.person(uuid)
    assert person is not None
    assert catalogue.MESSAGING in person.licenses
    off = {"schemas": [_PATCH], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    assert 200 == (await api.patch(_scim(api, sandbox, f"Users/{uuid}"), json=off)).status_code
    sandbox.clock.advance(31 * _DAY)

    assert sandbox.world.person(uuid) is None
    done = [(event.caller.name, event.did) for event in sandbox.world.audit]
    ada = "Ada Admin"
    assert [(ada, "created"), ("Webex", "changed the licenses of"), (ada, "updated"), ("Webex", "deleted")] == done


async def test_a_member_by_scim(api: Client, sandbox: Sandbox) -> None:
    """
    Joining a group by SCIM brings the licences of its template.
    """
    john = sandbox.world.person_at(scenarios.SAMPLE)
    group = next(iter(sandbox.world.groups.values()))
    assert john is not None
    assert john.uuid not in group.members
    use(sandbox.world, Template((catalogue.UNIFIED_CM,), group.uuid))
    joining = {"op": "add", "path": "members", "value": [{"value": john.uuid, "type": "user"}]}
    body = {"schemas": [_PATCH], "Operations": [joining]}
    assert (await api.patch(_scim(api, sandbox, f"Groups/{group.uuid}"), json=body)).is_success
    sandbox.clock.advance(20)
    after = sandbox.world.person(john.uuid)
    assert after is not None
    assert catalogue.UNIFIED_CM in after.licenses


async def test_what_scim_is_refused_is_an_event(api: Client, sandbox: Sandbox) -> None:
    """
    With the error, and nothing else changed.
    """
    await _create(api, sandbox)
    user = {"schemas": [f"{_CORE}:User"], "userName": "tove@acme.example", "userType": "user"}
    again = await api.post(_scim(api, sandbox, "Users"), json=user)

    event = list(sandbox.world.audit)[-1]
    assert (409, "Users-409", "failed to create") == (again.status_code, event.error_code, event.did)
    assert 1 == sandbox.world.writes


async def test_a_request_acts_for_nobody_afterwards(api: Client, sandbox: Sandbox) -> None:
    """
    Whoever asked is the caller for the time of the request alone.
    """
    await _create(api, sandbox)
    assert sandbox.world.caller is ITSELF


def test_work_is_done_when_it_is_due_and_in_order() -> None:
    """
    The earliest first, of one moment as it was noted, and nothing before its time.
    """
    agenda, done = Agenda(), list[str]()
    for moment, name in ((20, "b"), (10, "a"), (20, "c"), (30, "d")):
        agenda.add(moment, lambda name=name: done.append(name))  # type: ignore[misc]  # the name as it is now
    while (entry := agenda.next_due(20)) is not None:
        entry[1]()

    assert ["a", "b", "c"] == done
    assert 1 == len(agenda)


@pytest.mark.parametrize("seconds", [0, 19])
async def test_nothing_happens_too_early(seconds: int, api: Client, sandbox: Sandbox) -> None:
    """
    What is not due stays on the agenda, however often somebody looks.
    """
    use(sandbox.world, Template((catalogue.MESSAGING,)))
    uuid = await _create(api, sandbox)
    sandbox.clock.advance(seconds)
    for _ in range(3):
        person = sandbox.world.person(uuid)
        assert person is not None
        assert () == person.licenses
    assert 1 == len(sandbox.world.agenda)
