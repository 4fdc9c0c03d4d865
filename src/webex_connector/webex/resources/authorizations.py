"""
What Webex tells of the access token that asks (https://developer.webex.com/docs/integrations).
"""

from datetime import UTC, datetime, timedelta

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.wire import Request, path_to

_EPOCH = datetime.fromtimestamp(0, UTC)


class Authorizations:
    """
    The access token in use. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def expiry(self, call: Call) -> datetime:
        """
        Return when the token ends. Raise NotFound for one that never does, TooStrange for an answer without a moment.
        """
        answer = await self._sender.send(Request("GET", path_to("authorizations", "tokenExpiry")), call)
        moment = answer.json().get("exp")
        if not isinstance(moment, int | float):
            raise answer.strange("no moment at which the token ends")
        try:
            return _EPOCH + timedelta(milliseconds=moment)
        except (OverflowError, ValueError) as error:
            raise answer.strange("the token ends at no moment of any calendar") from error
