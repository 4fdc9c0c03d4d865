"""
Making a person where SCIM may be the road: by the people API or by SCIM, whichever takes fewer requests for what is
asked (`account_plan`), or the only one that the token may use.
"""

from dataclasses import replace

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.account import Accounts
from webex_connector.connector.control_hub.account_plan import carried, cheapest
from webex_connector.connector.control_hub.account_ways import Way, given_after, needs_scim
from webex_connector.connector.control_hub.addresses import refuse_second
from webex_connector.connector.control_hub.road import Roads, Taken
from webex_connector.connector.control_hub.scim_create import ScimCreation
from webex_connector.connector.control_hub.scim_update import ScimUpdate
from webex_connector.connector.properties import Road
from webex_connector.connector.steps import Steps
from webex_connector.icf.attributes import Attributes, replaced
from webex_connector.icf.errors import ConnectorError, PermissionDenied
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.client import WebexClient


class AccountScimCreation:
    """
    Makes people, one at a call.
    """

    def __init__(
        self, people: Accounts, client: WebexClient, roads: Roads, clock: Clock, info: ObjectClassInfo
    ) -> None:
        self._people, self._client, self._roads, self._clock, self._info = people, client, roads, clock, info

    async def run(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make a person, without what Webex would not take; that is in the result.

        Raises InvalidAttributeValue for a second address, PermissionDenied for what only SCIM can write where it cannot
        be used, AlreadyExists, and any ConnectorError as long as nobody was made.
        """
        refuse_second(attributes["emails"])
        asked, taken = carried(attributes), await self._roads.taken(call_of(options))
        if taken.road is not Road.SCIM:
            for name in filter(needs_scim, asked):
                demanding(taken, name)
            return await self._people.create(asked, options)
        plan = cheapest(asked, people=self._roads.people_may_write, bulk=False)
        if plan.first is Way.MAKE:
            try:
                return await self._by_people(taken, asked, options)
            except PermissionDenied:
                result = await self._by_scim(taken, asked, options)
                self._roads.people_may_write = False
                return result
        try:
            return await self._by_scim(taken, asked, options)
        except PermissionDenied as error:
            if not self._roads.gives_way(error):
                raise
            return await self.run(attributes, options)

    async def _by_scim(self, taken: Taken, asked: Attributes, options: OperationOptions) -> WriteResult:
        creation = ScimCreation(self._client, taken.organization, self._info, self._clock, asked, options)
        result = await creation.run()
        if result.uid is not None:
            self._roads.proven()
        return result

    async def _by_people(self, taken: Taken, asked: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make a person by the people API, which takes licences along, and give by SCIM what only SCIM can.
        """
        late = {name: values for name, values in asked.items() if Way.PATCH_USER in given_after(name, Way.MAKE, asked)}
        made = await self._people.create({name: values for name, values in asked.items() if name not in late}, options)
        if not late:
            return made
        if made.uid is None:
            return replace(made, withheld=(*made.withheld, Way.PATCH_USER.value))
        steps = Steps()
        steps.done = True
        deltas = [replaced(name, *values) for name, values in late.items()]
        try:
            await ScimUpdate(self._client, taken.organization, made.uid, call_of(options), steps).run(deltas)
        except ConnectorError as error:
            for delta in deltas:
                steps.missed(delta.name, delta.values, error)
        missed = {each.attribute for each in steps.not_applied}
        given = {name: values for name, values in late.items() if name not in missed}
        after = None if made.after is None else with_more(made.after, given)
        return replace(made, after=after, not_applied=(*made.not_applied, *steps.not_applied))


def demanding(taken: Taken, attribute: str) -> Taken:
    """
    Return the road for what only SCIM can write or read. Raises PermissionDenied when that is not the road.
    """
    if taken.road is not Road.SCIM:
        raise PermissionDenied(f"{attribute} is an attribute of SCIM alone; {taken.why}", attribute=attribute)
    return taken


def with_more(found: ConnectorObject, more: Attributes) -> ConnectorObject:
    """
    Return the object with those of the attributes that have a value.
    """
    return replace(found, attributes={**found.attributes, **{name: values for name, values in more.items() if values}})
