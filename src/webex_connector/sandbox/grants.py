"""
Who may ask: the OAuth client, refresh tokens and access tokens, with their lifetimes.

Lifetimes and the shape of tokens: https://developer.webex.com/docs/integrations (14 days, 90 days).
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace

from webex_connector.base.clock import Clock
from webex_connector.sandbox.assertions import Untrusted, claims_in
from webex_connector.sandbox.consents import Consents
from webex_connector.sandbox.device_codes import DeviceCodes, NotYet
from webex_connector.sandbox.problems import Problem

ACCESS_LIFE = 1_209_600
"""
Seconds an access token lives.
"""

REFRESH_LIFE = 7_776_000
"""
Seconds a refresh token lives; each use begins them anew.
"""

BEARER_LIFE = 31_536_000
"""
Seconds an access token lives that a person fetched to paste: 365 days.
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


_DOTS_OF_JWT = 2


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
    redirect_uris: tuple[str, ...] = (
        "http://127.0.0.1:8765/callback",
        "http://localhost:3000/auth/code",
        "http://127.0.0.1:8080/connected",
        "http://localhost:8080/connected",
    )
    """Where the consent page may lead back to, compared as they are written."""
    login: str = "sandbox-login"
    """With `password`, good for HTTP Basic on every call. Webex has no such thing; other services of its kind do."""
    password: str = "sandbox-password"  # noqa: S105  # printed for everybody to use
    trusted_key: str = ""
    """
    Whoever signs with it is the client: a public key in PEM form, or a shared secret. Empty: nobody is believed.
    """


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
        self.admin = admin
        """The UUID of the administrator, who is in front of the consent page."""
        self.consents = Consents(clock)
        self.devices = DeviceCodes(clock)
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
        if scheme.lower() == "basic" and hmac.compare_digest(text.strip(), self._basic()):
            return AccessToken("", self.admin, self.admin, self._credentials.scopes)
        if scheme.lower() == "bearer" and text.count(".") == _DOTS_OF_JWT:
            return self._self_signed(text.strip())
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

    def is_client(self, client_id: str) -> bool:
        """
        Tell whether there is such a client.
        """
        return client_id == self._credentials.client_id

    def may_redirect(self, address: str) -> bool:
        """
        Tell whether the client has registered this redirect URI.
        """
        return address in self._credentials.redirect_uris

    def may_ask(self, scopes: frozenset[str]) -> bool:
        """
        Tell whether the client was made for all of these scopes.
        """
        return scopes <= self._credentials.scopes

    def asserted(self, assertion: str, audience: str) -> AccessToken:
        """
        Obtain an access token with an assertion that the client signed. Raises `invalid_grant` for any other.
        """
        try:
            claims_in(assertion, self._credentials.trusted_key, self._now() / 1000, audience)
        except Untrusted as reason:
            raise OAuthRefusal(400, "invalid_grant", str(reason)) from None
        return self.machine()

    def exchanged(
        self, code: str, client_id: str, redirect_uri: str, verifier: str
    ) -> tuple[AccessToken, RefreshToken]:
        """
        Obtain tokens with the code of the consent page. Raises `invalid_grant` when anything about it is wrong.
        """
        consent = self.consents.redeem(code, client_id, redirect_uri, verifier)
        if consent is None:
            raise OAuthRefusal(400, "invalid_grant", "The authorization code is invalid, used or expired.")
        return self._pair(consent.person, consent.scopes)

    def on_device(self, device_code: str, client_id: str) -> tuple[AccessToken, RefreshToken]:
        """
        Obtain tokens with the code of a device. Raises why there are none, or none yet.
        """
        allowed = self.devices.poll(device_code, client_id)
        if isinstance(allowed, NotYet):
            raise OAuthRefusal(*allowed.value)
        return self._pair(self.admin, allowed.scopes)

    def bearer(self, person: str, scopes: frozenset[str]) -> AccessToken:
        """
        Obtain an access token for a person to paste.
        """
        token = AccessToken(self._mint("access"), person, person, scopes, self._in(BEARER_LIFE))
        self.grant(token)
        return token

    def withdraw(self, text: str) -> None:
        """
        Revoke a token (RFC 7009): an access token alone, a refresh token with the access tokens it was good for.
        """
        self.revoke(text)
        if self._refresh.pop(text, None):
            self._access = {key: token for key, token in self._access.items() if token.origin != text}

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

    def _basic(self) -> str:
        return base64.b64encode(f"{self._credentials.login}:{self._credentials.password}".encode()).decode()

    def _self_signed(self, text: str) -> AccessToken:
        try:
            claims_in(text, self._credentials.trusted_key, self._now() / 1000)
        except Untrusted:
            raise Problem(401) from None
        return AccessToken(text, "service-app", None, self._credentials.scopes)

    def _pair(self, person: str, scopes: frozenset[str]) -> tuple[AccessToken, RefreshToken]:
        refresh = RefreshToken(self._mint("refresh"), person, person, scopes, self._in(REFRESH_LIFE))
        self._refresh[refresh.text] = refresh
        return self._issue(person, person, scopes, refresh.text), refresh

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
