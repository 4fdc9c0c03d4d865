"""
Changes on the SCIM road that fault schedules are tried on.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fakes.fault_operations import EMPTY, group_id, john, update_person
from fakes.fault_trial import Facts, Operation, Person
from fakes.hub import Hub
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, replaced
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import Change, ChangeRequest
from webex_connector.icf.options import OperationOptions
from webex_connector.sandbox import rendering
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.grants import ADMIN_SCOPES, RefreshToken
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.sandbox.world import World, folded


@dataclass(frozen=True)
class Account(Person):
    """
    Whoever has that address, with what SCIM writes.
    """

    def facts(self, world: World) -> Facts:
        """
        Return what the world knows about the account.
        """
        found = [each for _, each in world.people() if folded(each.email) == folded(self.address)]
        more = {
            "firstName": {each.first_name for each in found},
            "department": {each.department for each in found if each.department},
            "costCenter": {each.more.cost_center for each in found if each.more and each.more.cost_center},
            names.ENABLE: {str(each.active) for each in found},
        }
        return {**super().facts(world), **{name: frozenset(values) for name, values in more.items()}}


_JOHN = Account(SAMPLE)

SCIM_ALONE: Mapping[str, Any] = {"refreshToken": "a refresh token for SCIM"}
"""
Settings of a system whose token may change people by SCIM, and not by the people API.
"""


def restricted(world: World) -> None:
    """
    Give out the refresh token of the settings.
    """
    scopes = ADMIN_SCOPES - {"spark-admin:people_write"}
    world.grants.entrust(RefreshToken(SCIM_ALONE["refreshToken"], "service-app", None, scopes))


Run = Callable[[Hub, OperationOptions], Awaitable[WriteResult]]


def _changing(*deltas: Callable[[World], AttributeDelta]) -> Run:
    return lambda hub, options: update_person(hub, [each(hub.sandbox.world) for each in deltas], options)


def _first_name(_world: World) -> AttributeDelta:
    return replaced("firstName", "Jack")


def _department(_world: World) -> AttributeDelta:
    return replaced("department", "Quality")


def _disabled(_world: World) -> AttributeDelta:
    return replaced(names.ENABLE, False)  # noqa: FBT003  # a value, no flag


def _cost(_world: World) -> AttributeDelta:
    return replaced("costCenter", "7")


def _license(world: World) -> AttributeDelta:
    return added("licenses", rendering.license_id(world, CALL_ON_WEBEX))


def _group(world: World) -> AttributeDelta:
    return added("groups", group_id(world, EMPTY))


def _named(_world: World) -> Facts:
    return {"firstName": frozenset({"Jack"}), "department": frozenset({"Quality"})}


def _everything(world: World) -> Facts:
    licenses = Person(SAMPLE).facts(world)["licenses"] | {rendering.license_id(world, CALL_ON_WEBEX)}
    return {**_named(world), "licenses": licenses, "groups": frozenset({group_id(world, EMPTY)})}


async def _many(hub: Hub, options: OperationOptions) -> WriteResult:
    """
    Change John by one bulk request; raise what his outcome says.
    """
    world = hub.sandbox.world
    deltas: Sequence[AttributeDelta] = [_first_name(world), _department(world)]
    change = ChangeRequest(Change.UPDATE, john(world), deltas=tuple(deltas))
    (outcome,) = await hub.facade.apply_many(names.ACCOUNT, [change], options)
    if outcome.error is not None:
        raise outcome.error
    assert outcome.result is not None
    return outcome.result


async def _delete(hub: Hub, options: OperationOptions) -> WriteResult:
    return await hub.facade.delete(names.ACCOUNT, john(hub.sandbox.world), options)


def _nobody(world: World) -> Facts:
    return dict.fromkeys(_JOHN.facts(world), frozenset())


NAMING = Operation(_JOHN, _changing(_first_name, _department), _named, road="scim")
DISABLING = Operation(_JOHN, _changing(_disabled), lambda _world: {names.ENABLE: frozenset({"False"})}, road="scim")
COSTING = Operation(_JOHN, _changing(_cost), lambda _world: {"costCenter": frozenset({"7"})}, road="scim")
ALL_OF_IT = Operation(_JOHN, _changing(_first_name, _department, _license, _group), _everything, writes=3, road="scim")
MANY = Operation(_JOHN, _many, _named, road="scim")
DELETING_BY_SCIM = Operation(_JOHN, _delete, _nobody, road="scim", settings=SCIM_ALONE, before=restricted)
