"""
What tests of the Control Hub connector ask about the people of the simulated organisation.
"""

from dataclasses import replace

from fakes.hub import OPTIONS, Hub
from fakes.hub_subjects import person_id
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import Lane
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.scenarios import SAMPLE


async def updated(
    hub: Hub, *deltas: AttributeDelta, who: str = SAMPLE, dry: bool = False, lane: Lane = Lane.INTERACTIVE
) -> WriteResult:
    """
    Change a person by their address; the trace begins anew.
    """
    hub.sandbox.trace.clear()
    options = replace(OPTIONS, dry_run=dry, lane=lane)
    return await hub.facade.update(names.ACCOUNT, person_id(hub, who), deltas, options)


def person_at(hub: Hub, address: str = SAMPLE) -> Person:
    """
    Return the simulated person at an address. Raises AssertionError when there is none.
    """
    person = hub.sandbox.world.person_at(address)
    assert person is not None
    return person


def groups_of(hub: Hub, person: Person) -> set[str]:
    """
    Return the names of the groups a person is in.
    """
    return {group.display_name for group in hub.sandbox.world.groups.values() if person.uuid in group.members}


def missed(result: WriteResult) -> dict[str, Values]:
    """
    Return what was not applied: the values by attribute.
    """
    found: dict[str, Values] = {}
    for each in result.not_applied:
        found[each.attribute] = found.get(each.attribute, ()) + each.values
    return found
