"""
Whose an e-mail address is. It belongs to one person in the whole of Webex, and only our own can be seen
(https://developer.webex.com/docs/api/v1/people).
"""

from typing import Any

from webex_connector.connector.faults import said
from webex_connector.icf.attributes import Values
from webex_connector.icf.errors import AlreadyExists, InvalidAttributeValue
from webex_connector.icf.names import folded_text
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Conflict
from webex_connector.webex.resources.people import PeopleQuery


def refuse_second(addresses: Values) -> None:
    """
    Raise InvalidAttributeValue for more than one address: the API has a list for them, and takes one.
    """
    if len(addresses) > 1:
        raise InvalidAttributeValue(f"Webex takes one address, not {len(addresses)}", attribute="emails")


async def holder_of(client: WebexClient, address: str, call: Call) -> dict[str, Any] | None:
    """
    Return the person of this organisation who has the address, in any spelling; None when there is none.
    """
    async for page in client.people.list(PeopleQuery(email=address, max=10), call):
        for person in page.items:
            if any(folded_text(each) == folded_text(address) for each in person.get("emails", ())):
                return person
    return None


def taken(address: str, holder: dict[str, Any] | None, conflict: Conflict | None = None) -> AlreadyExists:
    """
    Return the error for an address that somebody has: with the holder's uid, or without where nobody can be seen.
    """
    tracking_id = conflict.tracking_id if conflict else None
    if holder is not None:
        text = f"{address} belongs to a person of this organisation"
        return AlreadyExists(text, uid=holder["id"], tracking_id=tracking_id)
    text = f"{address} exists outside this organisation, or was deleted only recently"
    return AlreadyExists(f"{text}. {said(conflict)}" if conflict else text, tracking_id=tracking_id)
