"""
Telling, while there is still time, that a token ends which nobody but a person can replace.
"""

from datetime import datetime, timedelta

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.webex.tokens import TokenFacts

ACCESS_NOTICE = timedelta(days=30)
"""
How long before its end a warning begins, for an access token that is not renewed here.
"""

REFRESH_NOTICE = timedelta(days=14)
"""
The same for a refresh token. Webex's live 90 days, and each renewal of the access token, at least every fourteen days,
should begin them anew (https://developer.webex.com/docs/integrations): so near its end, none of them did.
"""

_AGAIN = timedelta(days=1)
_LOG = logger("webex")


class ExpiryWatch:
    """
    Warns in the log, once a day for each of the two tokens.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[str, datetime] = {}

    def look(self, facts: TokenFacts) -> None:
        """
        Warn of what ends soon, or has ended.
        """
        if not facts.renews:
            self._near("access", facts.ends, ACCESS_NOTICE, "paste a new access token")
        self._near("refresh", facts.refresh_ends, REFRESH_NOTICE, "authorise the integration anew")

    def _near(self, kind: str, ends: datetime | None, notice: timedelta, remedy: str) -> None:
        now = self._clock.now()
        if ends is None or ends - now > notice or now - self._told.get(kind, now - _AGAIN) < _AGAIN:
            return
        self._told[kind] = now
        name = "webex.token_ended" if ends <= now else "webex.token_ends_soon"
        _LOG.warning(name, kind=kind, ends=ends.isoformat(), days=max(0, (ends - now).days), remedy=remedy)
