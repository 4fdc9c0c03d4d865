"""
Who has an address, by SCIM: its search takes a list of them
(https://developer.webex.com/docs/api/v1/scim2-user/search-users).
"""

from collections.abc import Sequence

from webex_connector.connector.control_hub.scim_user import person_of
from webex_connector.icf.names import folded_text
from webex_connector.webex.call import Call
from webex_connector.webex.client import Scim
from webex_connector.webex.scim_wire import Search, comparison
from webex_connector.webex.wire import Json

MOST_NAMES = 50
"""
How many addresses are asked for in a request, as many as Cisco's own SDK asks for (https://github.com/webex/webex-js-sdk,
people by SCIM); a limit is not published.
"""


async def holders_of(scim: Scim, addresses: Sequence[str], call: Call) -> dict[str, Json]:
    """
    Return those of the organisation who have one of the addresses as user name, by the folded address, in the form of
    `/people`. Raises the WebexError: what could not be looked at is not a person who is not there.
    """
    found: dict[str, Json] = {}
    for first in range(0, len(addresses), MOST_NAMES):
        terms = [comparison("userName", "eq", address) for address in addresses[first : first + MOST_NAMES]]
        async for page in scim.users.search(Search(filter=" or ".join(terms), count=MOST_NAMES), call):
            found.update({folded_text(str(user.get("userName"))): person_of(user) for user in page.items})
    return found
