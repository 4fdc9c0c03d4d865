"""
Consent in the words of the properties: what a person is asked with a system's values, and which values the answer adds.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates, way_of
from webex_connector.connector.credentials import client_of
from webex_connector.connector.faults import meaning
from webex_connector.connector.given import Given
from webex_connector.connector.properties import Grant, Method
from webex_connector.icf.configuration import ConfigurationMistakes, Mistake, Setting
from webex_connector.icf.errors import ConnectorError, InvalidInput, NotAllowed, SetupError
from webex_connector.webex import consent
from webex_connector.webex.consent import ConsentFailed, Question, page_beside
from webex_connector.webex.errors import Refused, Unauthorized, WebexError
from webex_connector.webex.hosts import Environment
from webex_connector.webex.oauth import OAuthClient, Tokens, tokens_in
from webex_connector.webex.pasted_token import pasted_key
from webex_connector.webex.settings import ClientSettings
from webex_connector.webex.tokens import TokenFacts, TokenVault, VaultKey, grant_key
from webex_connector.webex.transport import exchanged

SCOPES = (
    "spark-admin:people_write",
    "spark-admin:people_read",
    "spark-admin:licenses_read",
    "spark-admin:roles_read",
    "identity:groups_rw",
    "identity:groups_read",
    "spark-admin:organizations_read",
    "spark:people_read",
)
"""
What is asked for unless `scope` says otherwise: the minimum of
https://docs.pingidentity.com/openicf/connector-reference/webex.html, and what it takes to name the organisation and the
person who consented.
"""

BROUGHT = frozenset({"clientId", "clientSecret", "refreshToken", "authToken"})
"""
The properties that may be missing until somebody has connected the system.
"""

# Cisco's own integration for tokens that are pasted, with the one address and the scopes it was registered for:
# https://help.webex.com/en-us/article/nmm9pzdb
_PASTED_CLIENT = "C4ca14fe00b0e51efb414ebd45aa88c1858c3bfb949b2405dba10b0ca4bc37402"
_PASTED_URI = "http://localhost:3000/auth/code"
_PASTED_SCOPES = ("spark:people_read", "spark:people_write", "Identity:SCIM")

_EPOCH = datetime.fromtimestamp(0, UTC)
_NOTHING = "Nothing was stored"


@dataclass(frozen=True, slots=True)
class Integration:
    """
    Who asks for consent, and the way to Webex.
    """

    client: OAuthClient
    way: ClientSettings
    scopes: tuple[str, ...]

    @property
    def page(self) -> str:
        """
        The consent page.
        """
        return page_beside(self.client.endpoint)

    def question(self, redirect_uri: str) -> Question:
        """
        Return a new question to a person, whose browser is then led to the redirect URI.
        """
        return consent.question(self.page, self.client.client_id, redirect_uri, self.scopes)


@dataclass(frozen=True, slots=True)
class Consented:
    """
    What consent brought.
    """

    properties: Mapping[str, str | int | Secret | None]
    """
    The values to lay over the system's; None for what is of no use any more.
    """
    tokens: Tokens
    client: OAuthClient | None = None
    """
    Who renews the tokens; None when nobody does.
    """

    async def keep(self, vault: TokenVault) -> None:
        """
        Put the access token into the vault, where the connector looks for it first. Raises ConnectionFailed.
        """
        if self.client is None or self.tokens.refresh is None:
            return
        with _translated():
            await vault.put(grant_key(self.client, self.tokens.refresh), self.tokens)


def integration_of(
    settings: Mapping[str, Setting], clock: Clock, certificates: Certificates = NO_CERTIFICATES
) -> Integration:
    """
    Return who asks, from validated settings in which the tokens may be missing.

    Raises ConfigurationMistakes with everything else that is missing or contradicts.
    """
    given = Given({**settings, "authenticationMethod": Method.OAUTH.value, "grantType": Grant.REFRESH_TOKEN.value})
    hosts = Environment(given.get("environment", str) or Environment.COMMERCIAL.value).hosts
    client = client_of(given, hosts, "to ask for consent")
    way = way_of(given, given.address("serviceUri", hosts.service_uri), certificates, clock.now())
    scopes = tuple((client.scope or "").split()) or SCOPES
    if given.mistakes:
        raise ConfigurationMistakes(given.mistakes)
    return Integration(client, way, scopes)


def token_question(settings: Mapping[str, Setting]) -> Question:
    """
    Return the question whose answer is a token to paste: by Cisco's own integration, unless the settings have one.

    Raises ConfigurationMistakes.
    """
    given = Given(settings)
    hosts = Environment(given.get("environment", str) or Environment.COMMERCIAL.value).hosts
    client_id, endpoint = given.get("clientId", str), given.get("tokenEndpoint", str)
    page = page_beside(given.address("tokenEndpoint", hosts.token_endpoint)) if endpoint else hosts.broker
    usual = SCOPES if client_id else _PASTED_SCOPES
    scopes = (given.get("scope", str) or "").split() or usual
    if given.mistakes:
        raise ConfigurationMistakes(given.mistakes)
    return consent.token_question(page, client_id or _PASTED_CLIENT, _PASTED_URI, scopes)


async def consented(integration: Integration, asked: Question, callback: str, clock: Clock) -> Consented:
    """
    Exchange the code that the callback brings for tokens. Nothing is stored yet.

    Raises NotAllowed when the person said no, SetupError when Webex did, InvalidInput when the callback is
    none of this question, and what stands for a token endpoint that is not reached or fails.
    """
    with _told():
        code = consent.code_in(callback, asked)
    client = integration.client
    try:
        answer = await exchanged(integration.way, replace(client, scope=None).ask(asked.grant(code)), clock)
        tokens = tokens_in(answer, None, clock.now())
    except WebexError as error:
        raise _refused(error) from error
    if tokens.refresh is None:
        raise SetupError(
            f"Webex gave an access token without a refresh token, which would end in days. {_NOTHING}",
            tracking_id=answer.tracking_id,
        )
    return Consented(
        {
            "authenticationMethod": Method.OAUTH.value,
            "grantType": Grant.REFRESH_TOKEN.value,
            "refreshToken": tokens.refresh,
            "accessToken": None,
            "tokenExpiration": None,
            "authToken": None,
        },
        tokens,
        client,
    )


def pasted(asked: Question, text: Secret, clock: Clock) -> Consented:
    """
    Return what an access token adds that a person copied from a browser. Raises like `consented`.
    """
    with _told():
        tokens = consent.token_in(text, asked, clock.now())
    ends = None if tokens.ends is None else (tokens.ends - _EPOCH) // timedelta(milliseconds=1)
    return Consented(
        {
            "authenticationMethod": Method.TOKEN.value,
            "authToken": tokens.access,
            "tokenExpiration": ends,
            "accessToken": None,
            "refreshToken": None,
        },
        tokens,
    )


async def kept(settings: Mapping[str, Setting], vault: TokenVault) -> TokenFacts:
    """
    Return what is known of a system's tokens without asking Webex. Raises ConnectionFailed when the vault cannot tell.
    """
    given = Given(settings)
    method = _method(given)
    renews = method in {Method.OAUTH, Method.JWT_TOKEN}
    milliseconds = given.get("tokenExpiration", int) if method is Method.TOKEN else None
    if milliseconds is not None:
        return TokenFacts(renews=renews, ends=_EPOCH + timedelta(milliseconds=milliseconds))
    key = _key(given)
    with _translated():
        tokens = None if key is None else await vault.get(key)
    if tokens is None:
        return TokenFacts(renews=renews)
    return TokenFacts(renews=renews, ends=tokens.ends, refresh_ends=tokens.refresh_ends, scopes=tokens.scopes)


async def forget(settings: Mapping[str, Setting], vault: TokenVault) -> None:
    """
    Take a system's tokens out of the vault. Raises ConnectionFailed when that cannot be done.
    """
    key = _key(Given(settings))
    if key is not None:
        with _translated():
            await vault.remove(key)


def _key(given: Given) -> VaultKey | None:
    """
    Return where the vault keeps a system's tokens; None when it has none to keep.
    """
    hosts = Environment(given.get("environment", str) or Environment.COMMERCIAL.value).hosts
    token, refresh = given.get("authToken", Secret), given.get("refreshToken", Secret)
    match _method(given):
        case Method.TOKEN if token is not None:
            return pasted_key(given.address("serviceUri", hosts.service_uri), token)
        case Method.OAUTH if refresh is not None:
            return grant_key(client_of(given, hosts, ""), refresh)
        case _:
            return None


def _method(given: Given) -> Method:
    return Method(given.get("authenticationMethod", str) or Method.OAUTH.value)


def is_brought(mistake: Mistake, settings: Mapping[str, Setting]) -> bool:
    """
    Whether a mistake is only that a property is missing which connecting the system brings.
    """
    return mistake.property in BROUGHT and settings.get(mistake.property) is None


def _refused(error: WebexError) -> ConnectorError:
    """
    Return what it means that the token endpoint did not take the code.
    """
    what = "; ".join(error.descriptions) or error.detail
    if isinstance(error, Unauthorized) or "invalid_client" in error.codes:
        text = "Webex does not know this client id with this client secret; copy both anew from the integration's page"
    elif "invalid_grant" in error.codes or isinstance(error, Refused):
        text = (
            "Webex did not take the code: it was used, it is older than ten minutes, or redirect URI or PKCE proof are "
            "others than those asked with; connect again"
        )
    else:
        found = meaning(error)
        return type(found)(f"{found.message}. {_NOTHING}", tracking_id=found.tracking_id)
    return SetupError(f"{text} ({what}). {_NOTHING}", tracking_id=error.tracking_id)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except consent.Denied as problem:
        raise NotAllowed(f"Consent was denied on Webex's page. {_NOTHING}") from problem
    except consent.NotOffered as problem:
        raise SetupError(f"{_NOT_OFFERED.get(problem.code, _OTHER)} ({problem}). {_NOTHING}") from problem
    except consent.Foreign as problem:
        raise InvalidInput(
            f"This is not the answer to the question that was asked: {problem}. It may be an older one, or somebody "
            f"else's; connect again. {_NOTHING}",
        ) from problem
    except ConsentFailed as problem:
        raise InvalidInput(
            f"This cannot be used: {problem}. Copy the whole address from the browser's address bar. {_NOTHING}",
        ) from problem


_NOT_OFFERED = {
    "invalid_scope": "The integration was made without one of the scopes that are asked for: tick it on the "
    "integration's page, or set scope to those that are ticked",
    "server_error": "Webex's consent page failed; connect again later",
    "temporarily_unavailable": "Webex's consent page has too much to do; connect again later",
}
_OTHER = "Webex did not offer consent"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except WebexError as error:
        raise meaning(error) from error
