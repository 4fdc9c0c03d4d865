"""
The consent page, `/authorize` (https://developer.webex.com/docs/integrations): who opens it is taken to be signed in as
the organisation's administrator.

With `response_type=token` the access token itself comes back in the fragment, as people fetch a bearer token to paste
(https://help.webex.com/en-us/article/nmm9pzdb).
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from webex_connector.sandbox import pages
from webex_connector.sandbox.consents import Consent
from webex_connector.sandbox.exchange import Media, Reply, Request, Route
from webex_connector.sandbox.world import World

_KEPT = (
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)
_METHODS = ("plain", "S256")


def page(world: World, request: Request) -> Reply:
    """
    Show what an integration asks for, with Allow and Deny.
    """
    asked = request.query
    if refused := _refused(world, asked):
        return refused
    kept = {name: asked[name] for name in _KEPT if name in asked}
    return pages.consent(world, asked["client_id"], asked["scope"].split(), kept)


def decision(world: World, request: Request) -> Reply:
    """
    Lead back to the integration with a code, a token, or `access_denied`; the state comes back as it was given.
    """
    asked = request.form
    if refused := _refused(world, asked):
        return refused
    if asked.get("decision") != "allow":
        return _back(asked, {"error": "access_denied", "error_description": "The resource owner denied the request"})
    scopes = frozenset(asked.get("scope", "").split())
    person = world.grants.admin
    if asked["response_type"] == "token":
        token = world.grants.bearer(person, scopes)
        left = world.grants.seconds_left(token.expires)
        return _back(asked, {"access_token": token.text, "token_type": "Bearer", "expires_in": str(left)})
    challenge, method = asked.get("code_challenge", ""), asked.get("code_challenge_method") or "plain"
    consent = Consent(person, asked["client_id"], asked["redirect_uri"], scopes, challenge, method)
    return _back(asked, {"code": world.grants.consents.give(consent)})


def _refused(world: World, asked: Mapping[str, str]) -> Reply | None:
    """
    Refuse an impossible wish: on a page of our own as long as the redirect URI is not known to be the integration's,
    since whatever stands there might be anybody's (RFC 6749, section 4.1.2.1).
    """
    if not world.grants.is_client(asked.get("client_id", "")):
        return pages.complaint("There is no integration with this client id.")
    if not world.grants.may_redirect(asked.get("redirect_uri", "")):
        return pages.complaint("The redirect URI does not match any of those registered with the integration.")
    if asked.get("response_type") not in {"code", "token"}:
        return _back(asked, {"error": "unsupported_response_type"})
    scopes = frozenset(asked.get("scope", "").split())
    if not scopes or not world.grants.may_ask(scopes):
        return _back(asked, {"error": "invalid_scope", "error_description": "The requested scope is invalid."})
    if (asked.get("code_challenge_method") or "plain") not in _METHODS:
        return _back(asked, {"error": "invalid_request", "error_description": "The challenge method is unknown."})
    return None


def _back(asked: Mapping[str, str], told: Mapping[str, str]) -> Reply:
    state = {"state": asked["state"]} if "state" in asked else {}
    address = asked["redirect_uri"]
    mark = "#" if asked.get("response_type") == "token" else "&" if "?" in address else "?"
    return Reply(302, b"", {"Location": f"{address}{mark}{urlencode({**told, **state})}"})


ROUTES = tuple(
    Route(method, "/authorize", handler, root=root, media=Media.FORM)
    for root in ("/v1", "/idb/oauth2/v1")
    for method, handler in (("GET", page), ("POST", decision))
)
"""
The calls of this resource, at the API's front door and at the identity broker's.
"""
