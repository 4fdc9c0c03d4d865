"""
Which of many people there are, 85 in a request (https://developer.webex.com/docs/api/v1/people, "list people").
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from webex_connector.connector.identity import identity
from webex_connector.icf import names
from webex_connector.icf.errors import PermissionDenied, UnknownUid
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


@asynccontextmanager
async def gone_if_unknown(client: WebexClient, uid: str, call: Call) -> AsyncIterator[None]:
    """
    Tell a 403 for somebody who is no more from one for a lack of rights: the list is looked at, and whoever is not in
    it is not there. Raises UnknownUid in the place of PermissionDenied then.
    """
    try:
        yield
    except PermissionDenied as error:
        if await known_among(client, [uid], call) != set():
            raise
        raise UnknownUid(f"There is no {uid} in {names.ACCOUNT}", tracking_id=error.tracking_id) from error
