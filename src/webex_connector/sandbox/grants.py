"""
Who may ask: the OAuth client, refresh tokens and access tokens, with their lifetimes.

Lifetimes and the shape of tokens: https://developer.webex.com/docs/integrations (14 days, 90 days).
"""

import hashlib
from dataclasses import dataclass, replace

from webex_connector.base.clock import Clock
from webex_connector.sandbox.problems import Problem

ACCESS_LIFE = 1_209_600
"""
Seconds an access token lives.
"""

REFRESH_LIFE = 7_776_000
"""
Seconds a refresh token lives; each use begins them anew.
"""

PEOPLE_ROAD_SCOPES = frozenset(
    {
        "spark:people_read",
        "spark-admin:people_read",
        "spark-admin:people_write",
        "spark-admin:licenses_read",
        "spark-admin:roles_read",
        "spark-admin:organizations_read",
        "identity:groups_read",
        "identity:groups_rw",
    },
)
"""
The scopes of an integration that provisions people without SCIM.
"""

ADMIN_SCOPES = PEOPLE_ROAD_SCOPES | {
    "identity:people_read",
    "identity:people_rw",
    "identity:organizations_read",
    "identity:organizations_rw",
    "spark-admin:locations_read",
    "spark-admin:locations_write",
    "spark:teams_read",
    "spark:teams_write",
    "spark:team_memberships_read",
    "spark:team_memberships_write",
    "audit:events_read",
    "spark:applications_token",
}
"""
The scopes of an integration that provisions people.
"""


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    What a client of the organisation is given to begin with; none of it is secret.
    """

    client_id: str = "sandbox-client"
    client_secret: str = "sandbox-client-secret"  # noqa: S105  # printed for everybody to use
    refresh_token: str = "sandbox-refresh-token"  # noqa: S105  # the same
    access_token: str = "sandbox-admin-token"  # noqa: S105  # the same
    """Belongs to the administrator and never expires."""
    service_app_token: str = "sandbox-service-app-token"  # noqa: S105  # the same
    """Belongs to a machine account, so there is nobody behind `/people/me`; never expires."""
    scopes: frozenset[str] = ADMIN_SCOPES
    """What every token of the client may do."""
    application_id: str = "sandbox-application"
    """The service app's."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """
    A token that requests carry.
    """

    text: str
    actor: str
    """Whose it is: the UUID of a person, or a name for a machine account."""
    person: str | None
    """The UUID of the person behind it, if there is one."""
    scopes: frozenset[str]
    expires: float | None = None
    """Milliseconds since 1970; None for never."""
    origin: str = ""
    """The refresh token it was obtained with."""


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """
    A token that access tokens are obtained with.
    """

    text: str
    actor: str
    person: str | None
    scopes: frozenset[str]
    expires: float | None = None
    """
    Milliseconds since 1970; None for one that was never used: its time begins with its first use.
    """


class OAuthRefusal(Exception):  # an answer, like `Problem`
    """
    The token endpoint refuses; `error` is the word of RFC 6749 section 5.2.
    """

    def __init__(self, status: int, error: str, description: str) -> None:
        self.status, self.error, self.description = status, error, description
        super().__init__(f"{error}: {description}")


class Grants:
    """
    All tokens in circulation.
    """

    def __init__(self, credentials: Credentials, clock: Clock, org: str, admin: str) -> None:
        self._credentials, self._clock, self._org = credentials, clock, org
        self._minted = 0
        self._access: dict[str, AccessToken] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self.grant(AccessToken(credentials.access_token, admin, admin, credentials.scopes))
        self.grant(AccessToken(credentials.service_app_token, "service-app", None, credentials.scopes))
        first = RefreshToken(credentials.refresh_token, "service-app", None, credentials.scopes)
        self._refresh[first.text] = first

    def grant(self, token: AccessToken) -> None:
        """
        Put an access token into circulation: for tests that need other scopes or another person.
        """
        self._access[token.text] = token

    def entrust(self, token: RefreshToken) -> None:
        """
        Put a refresh token into circulation, for the same purpose.
        """
        self._refresh[token.text] = token

    def revoke(self, text: str) -> None:
        """
        Take an access token out of circulation; an unknown one is no error.
        """
        self._access.pop(text, None)

    def check(self, authorization: str) -> AccessToken:
        """
        Return the token of an `Authorization` header. Raises a 401 for none, an unknown or an expired one.
        """
        scheme, _, text = authorization.partition(" ")
        token = self._access.get(text.strip())
        if scheme.lower() != "bearer" or token is None or self._is_over(token.expires):
            raise Problem(401)
        return token

    def require_client(self, client_id: str, client_secret: str) -> None:
        """
        Raise `invalid_client` unless these are the client's credentials.
        """
        known = self._credentials
        if (client_id, client_secret) != (known.client_id, known.client_secret):
            raise OAuthRefusal(401, "invalid_client", "The client could not be authenticated.")

    def refresh(self, text: str, *, rotate: bool, revoke_access: bool) -> tuple[AccessToken, RefreshToken]:
        """
        Obtain an access token with a refresh token. Raises `invalid_grant` for an unknown or expired one.
        """
        old = self._refresh.get(text)
        if old is None or self._is_over(old.expires):
            raise OAuthRefusal(400, "invalid_grant", "The refresh token is unknown, expired or revoked.")
        if revoke_access:
            self._access = {key: token for key, token in self._access.items() if token.origin != text}
        new = replace(old, expires=self._in(REFRESH_LIFE))
        if rotate:
            del self._refresh[text]
            new = replace(new, text=self._mint("refresh"))
        self._refresh[new.text] = new
        return self._issue(new.actor, new.person, new.scopes, new.text), new

    def machine(self) -> AccessToken:
        """
        Obtain an access token for the client itself (client credentials).
        """
        return self._issue("service-app", None, self._credentials.scopes, "")

    def is_application(self, identifier: str) -> bool:
        """
        Tell whether this is the service app that the organisation has authorised.
        """
        return identifier == self._credentials.application_id

    def service_app(self) -> tuple[AccessToken, RefreshToken]:
        """
        Obtain a new pair of tokens for the service app.
        """
        refresh = RefreshToken(
            self._mint("refresh"), "service-app", None, self._credentials.scopes, self._in(REFRESH_LIFE)
        )
        self._refresh[refresh.text] = refresh
        return self._issue(refresh.actor, None, refresh.scopes, refresh.text), refresh

    def seconds_left(self, expires: float | None) -> int:
        """
        Return whole seconds until a moment; zero for none.
        """
        return 0 if expires is None else max(0, int((expires - self._now()) / 1000))

    def _issue(self, actor: str, person: str | None, scopes: frozenset[str], origin: str) -> AccessToken:
        token = AccessToken(self._mint("access"), actor, person, scopes, self._in(ACCESS_LIFE), origin)
        self.grant(token)
        return token

    def _mint(self, what: str) -> str:
        self._minted += 1
        opaque = hashlib.sha256(f"{what}/{self._minted}/{self._org}".encode()).hexdigest()
        return f"{opaque}_P0A1_{self._org}"

    def _now(self) -> float:
        return self._clock.now().timestamp() * 1000

    def _in(self, seconds: float) -> float:
        return self._now() + seconds * 1000

    def _is_over(self, expires: float | None) -> bool:
        return expires is not None and self._now() >= expires
