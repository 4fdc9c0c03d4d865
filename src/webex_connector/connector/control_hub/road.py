"""
Which of Webex's two APIs accounts are written by.

The people API needs the administrator's people scopes; each change replaces the whole person. SCIM 2.0 needs
`identity:people_rw`; it changes what is named and has attributes of its own. Webex does not tell a token's scopes, so
the cheapest SCIM read tells (https://developer.webex.com/docs/api/v1/scim-2-users). Reading stays with the people API
on both roads, since SCIM knows nothing of licences and its pages are smaller.
"""

import asyncio
from dataclasses import dataclass

from webex_connector.connector.faults import meaning, reading, said
from webex_connector.connector.properties import Road
from webex_connector.icf.errors import AccessRefused, PermissionDenied
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Forbidden, NotFound, Refused, WebexError
from webex_connector.webex.ids import uuid_of
from webex_connector.webex.resources.people import PeopleQuery
from webex_connector.webex.scim_wire import Search


@dataclass(frozen=True, slots=True)
class Taken:
    """
    The road that is taken, and why.
    """

    road: Road
    why: str
    organization: str = ""
    """
    The organisation's UUID, which SCIM paths need.
    """


class Roads:
    """
    Finds out once which road can be taken.
    """

    def __init__(self, client: WebexClient, wanted: Road) -> None:
        self._client = client
        self._wanted = wanted
        self._taken: Taken | None = None
        self._proven = False
        self.people_may_write = True
        """
        Whether the people API may be written to, for all that is known.
        """
        self._deciding = asyncio.Lock()

    async def taken(self, call: Call) -> Taken:
        """
        Return the road. Raises AccessRefused when SCIM was demanded and the token may not use it, and any
        ConnectorError when Webex cannot be asked; then the next call asks again.
        """
        if self._wanted is Road.PEOPLE:
            return Taken(Road.PEOPLE, "the setting says so")
        async with self._deciding:
            if self._taken is None:
                self._taken = await self._found(call)
            return self._taken

    def proven(self) -> None:
        """
        Note that a change by SCIM was made: what is forbidden from now on is forbidden for its own sake.
        """
        self._proven = True

    def gives_way(self, error: PermissionDenied) -> bool:
        """
        Say whether the people road is to be taken for what was forbidden by SCIM; it is then taken from now on.

        A token with identity:people_read alone reads SCIM, which is how the road was found, and may write none.
        """
        if self._wanted is not Road.AUTO or self._proven:
            return False
        self._taken = Taken(Road.PEOPLE, f"the token may read by SCIM, and not write ({error.message})")
        return True

    async def _found(self, call: Call) -> Taken:
        organization = await self._organization(call)
        try:
            await anext(self._client.scim(organization).users.search(Search(attributes=("id",), count=1), call), None)
        except (Forbidden, NotFound, Refused) as error:
            problem = _problem(error, organization)
            if self._wanted is Road.SCIM:
                raise AccessRefused(f"{problem}. {said(error)}", tracking_id=error.tracking_id) from error
            return Taken(Road.PEOPLE, f"{problem[0].lower()}{problem[1:]} ({said(error)})")
        except WebexError as error:
            raise meaning(error) from error
        why = "the setting says so" if self._wanted is Road.SCIM else "the token may use SCIM"
        return Taken(Road.SCIM, why, organization)

    async def _organization(self, call: Call) -> str:
        try:
            organizations = await self._client.organizations.list(call)
            if organizations:
                return uuid_of(str(organizations[0]["id"]))
        except (Forbidden, NotFound):
            pass  # the scope for organisations is not among those that provisioning needs
        except WebexError as error:
            raise meaning(error) from error
        with reading():
            async for page in self._client.people.list(PeopleQuery(max=1, exclude_status=True), call):
                for person in page.items:
                    return uuid_of(str(person["orgId"]))
        raise AccessRefused("Webex shows neither the organisation nor anybody in it; the token can see nothing")


def _problem(error: Forbidden | NotFound | Refused, organization: str) -> str:
    if isinstance(error, NotFound):
        return f"SCIM does not know the organisation {organization} of the token, or is elsewhere (scimUri says where)"
    return "The token may not use SCIM; it needs the scope identity:people_rw"
