"""
A person whom somebody else deletes between our reading and our writing: told in so many words, and nothing that was
theirs comes back.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from fakes.hub import OPTIONS, Hub, running_hub
from fakes.hub_people import missed
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values, added, replaced
from webex_connector.icf.errors import ConnectorError, InvalidAttributeValue, UnknownUid
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.faults import Delay, Fault
from webex_connector.sandbox.rules import people as rules
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE

EMPTY = "Newly founded"
TITLE = replaced("title", "Tester")
PUT, PATCH, BULK = "PUT /people/{id}", "PATCH /Users/{id}", "POST /Bulk"
LICENSE, GROUP, DELETE = "PATCH /licenses/users", "PATCH /groups/{id}", "DELETE /people/{id}"

Work = Callable[[Hub, str], Awaitable[object]]


def _changing(*deltas: Callable[[Hub], AttributeDelta]) -> Work:
    return lambda hub, uid: hub.facade.update(names.ACCOUNT, uid, [each(hub) for each in deltas], OPTIONS)


def _titled(_hub: Hub) -> AttributeDelta:
    return TITLE


def _licensed(hub: Hub) -> AttributeDelta:
    return added("licenses", license_id(hub, CALL_ON_WEBEX))


def _joined(hub: Hub) -> AttributeDelta:
    return added("groups", group_id(hub, EMPTY))


def _joining(hub: Hub, uid: str) -> Awaitable[WriteResult]:
    members = [{"id": person_id(hub, ADMIN)}, {"id": uid}]
    return hub.facade.update(names.GROUP, group_id(hub, EMPTY), [added("members", *members)], OPTIONS)


async def _many(hub: Hub, uid: str, change: Change, *deltas: AttributeDelta) -> WriteResult:
    """
    Change the person and an administrator at once; the administrator's change must be done.
    """
    changes = [ChangeRequest(change, uid, deltas=deltas)]
    if change is Change.UPDATE:
        changes.append(ChangeRequest(change, person_id(hub, ADMIN), deltas=deltas))
    outcome, *others = await hub.facade.apply_many(names.ACCOUNT, changes, OPTIONS)
    assert [Fate.DONE] * len(others) == [each.fate for each in others]
    if outcome.error is not None:
        raise outcome.error
    assert outcome.result is not None
    return outcome.result


@dataclass(frozen=True)
class Case:
    """
    A write, the request before which the person goes, and how the write ends.
    """

    road: str
    work: Work
    request: str
    error: type[ConnectorError] | None = None
    words: str = ""
    missed: Callable[[Hub, str], dict[str, Values]] = field(default=lambda _hub, _uid: {})


GONE = "Webex does not know the object: "
USERS = "PATCH /{org}/v2/Users/{uuid}"
CASES = {
    "title": Case("people", _changing(_titled), PUT, UnknownUid, GONE + "PUT /people/{uid}: 404 Person not found"),
    "title by SCIM": Case("scim", _changing(_titled), PATCH, UnknownUid, f"{GONE}{USERS}: 404 User not found"),
    "title by SCIM, read back": Case(
        "scim", _changing(_titled), "GET /people/{id}", UnknownUid, "There is no {uid} in __ACCOUNT__"
    ),
    "licence": Case(
        "people", _changing(_licensed), LICENSE, UnknownUid, GONE + "PATCH /licenses/users: 404 Person not found"
    ),
    "title and licence": Case(
        "people",
        _changing(_titled, _licensed),
        LICENSE,
        missed=lambda hub, _: {"licenses": (license_id(hub, CALL_ON_WEBEX),)},
    ),
    "title and licence by SCIM": Case(
        "scim",
        _changing(_titled, _licensed),
        LICENSE,
        missed=lambda hub, _: {"licenses": (license_id(hub, CALL_ON_WEBEX),)},
    ),
    "group": Case(
        "people",
        _changing(_joined),
        GROUP,
        InvalidAttributeValue,
        "Webex refused the request: PATCH /groups/{group}: 400 Member not found: {uid}",
    ),
    "title and group by SCIM": Case(
        "scim", _changing(_titled, _joined), GROUP, missed=lambda hub, _: {"groups": (group_id(hub, EMPTY),)}
    ),
    "deletion": Case("people", lambda hub, uid: hub.facade.delete(names.ACCOUNT, uid, OPTIONS), DELETE),
    "deletion on the SCIM road": Case("scim", lambda hub, uid: hub.facade.delete(names.ACCOUNT, uid, OPTIONS), DELETE),
    "members of a group": Case("people", _joining, GROUP, missed=lambda _, uid: {"members": ({"id": uid},)}),
    "many titles": Case(
        "people",
        lambda hub, uid: _many(hub, uid, Change.UPDATE, TITLE),
        PUT,
        UnknownUid,
        GONE + "PUT /people/{uid}: 404 Person not found",
    ),
    "many titles by SCIM": Case(
        "scim",
        lambda hub, uid: _many(hub, uid, Change.UPDATE, TITLE),
        BULK,
        UnknownUid,
        f"{GONE}{USERS}: 404 User not found",
    ),
    "many into a group": Case(
        "people",
        lambda hub, uid: _many(hub, uid, Change.UPDATE, _joined(hub)),
        GROUP,
        InvalidAttributeValue,
        "Webex refused the request: PATCH /groups/{group}: 400 Member not found: {uid}",
    ),
    "many deletions": Case("people", lambda hub, uid: _many(hub, uid, Change.DELETE), DELETE),
    "many deletions on the SCIM road": Case("scim", lambda hub, uid: _many(hub, uid, Change.DELETE), DELETE),
}


@pytest.mark.parametrize("name", CASES)
async def test_who_is_gone_is_told_and_does_not_come_back(name: str, clock: VirtualClock) -> None:
    """
    The error names the person, or the result names the part that could not be done any more; a deletion is content.
    """
    case = CASES[name]
    async with running_hub(clock, people=6, road=case.road) as hub:
        world, uid = hub.sandbox.world, person_id(hub, SAMPLE)
        person = world.person_at(SAMPLE)
        assert person is not None
        expected = case.missed(hub, uid)
        words = case.words.format(uid=uid, uuid=person.uuid, org=world.organization.uuid, group=group_id(hub, EMPTY))
        # Left alone, the road is found out by the first write.
        hub.sandbox.faults.add(Fault(Delay(20), to=case.request))
        work = asyncio.ensure_future(case.work(hub, uid))
        await clock.sleep(10)
        rules.remove(world, person)
        (ended,) = await asyncio.gather(work, return_exceptions=True)

        hub.sandbox.faults.verify()
        if case.error is None:
            assert isinstance(ended, WriteResult), ended
            assert expected == missed(ended)
        else:
            assert (case.error, words) == (type(ended), getattr(ended, "message", ""))
        assert world.person_at(SAMPLE) is None
        assert not [group.display_name for group in world.groups.values() if person.uuid in group.members]
