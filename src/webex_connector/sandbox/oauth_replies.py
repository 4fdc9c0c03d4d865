"""
What all token endpoints have in common: how a client shows its credentials, and how tokens and refusals look.
"""

import base64
import binascii
from urllib.parse import unquote_plus

from webex_connector.sandbox.exchange import Reply, Request, json_reply
from webex_connector.sandbox.grants import AccessToken, OAuthRefusal, RefreshToken
from webex_connector.sandbox.problems import Detail, Problem
from webex_connector.sandbox.quirks import OAuthErrors
from webex_connector.sandbox.world import World


def client_of(request: Request) -> tuple[str, str]:
    """
    Return client id and secret, by HTTP Basic or else from the form. Raises `invalid_client` for a broken header.
    """
    return basic_client_of(request) or (request.form.get("client_id", ""), request.form.get("client_secret", ""))


def basic_client_of(request: Request) -> tuple[str, str] | None:
    """
    Return client id and secret by HTTP Basic, None without it. Raises `invalid_client` for a broken header.
    """
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError):
        raise OAuthRefusal(401, "invalid_client", "The client could not be authenticated.") from None
    # RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
    return unquote_plus(name), unquote_plus(secret)


def refused(world: World, refusal: OAuthRefusal) -> Reply:
    """
    Answer a refusal in OAuth's way; raises it as a `Problem` where Webex's own way was chosen.
    """
    if world.quirks.oauth_errors is OAuthErrors.WEBEX:
        raise Problem(refusal.status, Detail(refusal.description), message=refusal.description) from None
    return json_reply(refusal.status, {"error": refusal.error, "error_description": refusal.description})


def granted(world: World, access: AccessToken, refresh: RefreshToken | None) -> Reply:
    """
    Answer with tokens and their scopes.
    """
    return json_reply(200, {**terms(world, access, refresh), "scope": " ".join(sorted(access.scopes))})


def terms(world: World, access: AccessToken, refresh: RefreshToken | None) -> dict[str, object]:
    """
    Return tokens with their lifetimes.
    """
    told: dict[str, object] = {
        "access_token": access.text,
        "expires_in": world.grants.seconds_left(access.expires),
        "token_type": "Bearer",
    }
    if refresh is not None:
        told["refresh_token"] = refresh.text
        told["refresh_token_expires_in"] = world.grants.seconds_left(refresh.expires)
    return told
