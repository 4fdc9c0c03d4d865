"""
OAuth 2.0 as functions: how a token is asked for, and what the answer means (RFC 6749, sections 2.3.1, 4.4, 5 and 6).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from webex_connector.base.secret import Secret
from webex_connector.webex.errors import (
    AnswerLost,
    Locked,
    NotReached,
    ServerFailed,
    Throttled,
    TokenRefused,
    WebexError,
)
from webex_connector.webex.wire import Answer, Request

_LONGEST_LIFE = 366 * 86_400
_EARLY = timedelta(minutes=5)
_SHARE_OF_LIFE = 10
_PASSING = (NotReached, AnswerLost, ServerFailed, Throttled, Locked)


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """
    Who we are to the token endpoint.
    """

    endpoint: str
    """The token endpoint's whole address; Webex's own is https://webexapis.com/v1/access_token."""

    client_id: str
    client_secret: Secret | None
    """None for a client that has none, because an assertion says who it is (RFC 7523, section 2.1)."""

    basic: bool = True
    """Whether id and secret travel as HTTP Basic credentials; otherwise they are fields of the form."""

    scope: str | None = None

    def ask(self, grant: Mapping[str, str | Secret]) -> Request:
        """
        Return the request for a token by this grant.
        """
        form = dict(grant) | ({"scope": self.scope} if self.scope else {})
        headers: dict[str, str | Secret] = {}
        if self.client_secret is None:
            form |= {"client_id": self.client_id} if self.client_id else {}
        elif self.basic:
            pair = f"{quote(self.client_id, safe='')}:{quote(self.client_secret.reveal(), safe='')}"
            headers["Authorization"] = Secret(f"Basic {base64.b64encode(pair.encode()).decode()}")
        else:
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        path = urlsplit(self.endpoint).path
        return Request("POST", path, form=form, headers=headers, address=self.endpoint)


@dataclass(frozen=True, slots=True)
class Tokens:
    """
    What the token endpoint gave, or an administrator.
    """

    access: Secret
    refresh: Secret | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    """When the access token ends; `None` when nobody said: then it is used until Webex refuses it."""

    refresh_ends: datetime | None = None
    """When the refresh token ends; `None` when nobody said."""

    scopes: frozenset[str] = frozenset()
    """What the token endpoint said that the access token may do (RFC 6749, section 5.1); empty when it did not say."""

    def is_due(self, now: datetime) -> bool:
        """
        Whether it is time for a new access token: the last five minutes, or the last tenth of a shorter life.
        """
        if self.ends is None:
            return False
        early = _EARLY if self.begins is None else min(_EARLY, (self.ends - self.begins) / _SHARE_OF_LIFE)
        return now >= self.ends - early

    def has_ended(self, now: datetime) -> bool:
        """
        Whether the access token is of no use any more.
        """
        return self.ends is not None and now >= self.ends


def tokens_in(answer: Answer, refresh: Secret | None, now: datetime) -> Tokens:
    """
    Return the tokens of a good answer; `refresh` stays in force when the answer brings no other (RFC 6749, section 6).

    Raise TooStrange when there is no access token in it.
    """
    content = answer.json()
    access, rotated, scope = content.get("access_token"), content.get("refresh_token"), content.get("scope")
    if not isinstance(access, str) or not access:
        raise answer.strange("the token endpoint answered without an access token")
    return Tokens(
        Secret(access),
        Secret(rotated) if isinstance(rotated, str) and rotated else refresh,
        now,
        _end_of(content.get("expires_in"), now),
        # Webex's own name for it: https://developer.webex.com/docs/integrations
        _end_of(content.get("refresh_token_expires_in"), now),
        frozenset(scope.split()) if isinstance(scope, str) else frozenset(),
    )


def _end_of(life: object, now: datetime) -> datetime | None:
    # More than a year is no life any token of Webex has; a number beyond all dates must not cost us the refresh token.
    known = isinstance(life, int | float) and 0 <= life < _LONGEST_LIFE
    return now + timedelta(seconds=float(life)) if known and isinstance(life, int | float) else None


def no_token(error: WebexError) -> WebexError:
    """
    Return what an error of the token endpoint means for the request that needs the token, and which has not left.

    It is TokenRefused where asking again is in vain, NotReached where it is not.
    """
    kind = NotReached if isinstance(error, _PASSING) else TokenRefused
    meaning = kind(
        f"no access token: {error.detail}",
        request=error.request,
        status=error.status,
        tracking_id=error.tracking_id,
        descriptions=error.descriptions,
        codes=error.codes,
        wait=error.wait,
    )
    meaning.obstacle = error.obstacle
    return meaning
