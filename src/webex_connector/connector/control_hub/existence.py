"""
Which of many people there are, 85 in a request (https://developer.webex.com/docs/api/v1/people, "list people").
"""

from collections.abc import Sequence

from webex_connector.connector.control_hub.identity import identity
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import WebexError
from webex_connector.webex.resources.people import MOST_IDS, PeopleQuery


async def known_among(client: WebexClient, uids: Sequence[str], call: Call) -> set[str] | None:
    """
    Return those of the uids, as they are spelled, that belong to somebody; None when Webex does not tell.
    """
    found: set[str] = set()
    try:
        for first in range(0, len(uids), MOST_IDS):
            query = PeopleQuery(ids=tuple(uids[first : first + MOST_IDS]), max=MOST_IDS)
            async for page in client.people.list(query, call):
                found.update(identity(person["id"]) for person in page.items)
    except WebexError:
        return None
    return {uid for uid in uids if identity(uid) in found}
