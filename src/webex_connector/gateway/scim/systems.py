"""
The systems behind this door.
"""

import secrets
from typing import Final

from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.dialects import resources_of
from webex_connector.gateway.scim.display_names import DisplayNames
from webex_connector.gateway.scim.errors import Problem
from webex_connector.gateway.scim.manner import USUAL, Manner
from webex_connector.gateway.scim.mapping import Resource, bound, fixed
from webex_connector.gateway.scim.paging import Cursors
from webex_connector.gateway.scim.shown import Narrowing
from webex_connector.gateway.scim.site_users import is_site, site_resources
from webex_connector.gateway.scim.written import Writings
from webex_connector.icf import names
from webex_connector.icf.facade import Facade

_KEY_BYTES: Final = 32


class System:
    """
    A named system as this door has it: its resource types, and the names of what can be granted.
    """

    def __init__(self, facade: Facade, clock: Clock, manner: Manner = USUAL, *, key: bytes | None = None) -> None:
        """
        `key` signs cursors. Those of a door without one end with it.
        """
        self.facade = facade
        self.clock = clock
        self.manner = manner
        self.cursors = Cursors(key or secrets.token_bytes(_KEY_BYTES))
        there = {info.name: info for info in facade.schema.object_classes}
        account = there.get(names.ACCOUNT)
        kinds = (
            site_resources(account)
            if account is not None and is_site(account)
            else resources_of(manner.dialect, manner.groups, manner.profiles)
        )
        resources = (bound(each, there[each.object_class]) for each in kinds if each.object_class in there)
        self.resources: tuple[Resource, ...] = tuple(
            each if manner.change_user_name or each.object_class != names.ACCOUNT else fixed(each, "emails")
            for each in resources
        )
        """
        Its resource types, without those whose object class the connector has not.
        """
        self._by_endpoint = {each.endpoint.lower(): each for each in self.resources}
        self._narrowing = {each.name: Narrowing(each, there[each.object_class]) for each in self.resources}
        self.endpoints = {each.name: each.endpoint for each in self.resources}
        self.display_names = DisplayNames(facade, clock)
        self.writings = Writings()

    def resource(self, endpoint: str) -> Resource:
        """
        Return the resource type behind an endpoint, in any case. Raises Problem (404).
        """
        found = self._by_endpoint.get(endpoint.lower())
        if found is None:
            there = ", ".join(f"/{each.endpoint}" for each in self.resources)
            raise Problem(404, f"There is no endpoint /{endpoint}; there are {there}")
        return found

    def narrowing(self, resource: Resource) -> Narrowing:
        """
        Return what narrows one of the resource types to what answers show.
        """
        return self._narrowing[resource.name]
