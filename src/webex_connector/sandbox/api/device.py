"""
The device grant, `/device/authorize` and `/device/token`, with the page on which the code is entered
(https://developer.webex.com/docs/login-with-webex).

Cisco has the page on a host of its own, at `/verify`; here it is at that path of the one address.
"""

import html
from dataclasses import replace

from webex_connector.sandbox import pages
from webex_connector.sandbox.device_codes import DEVICE_INTERVAL, DEVICE_LIFE, Decision
from webex_connector.sandbox.exchange import Media, Reply, Request, Route, json_reply
from webex_connector.sandbox.grants import OAuthRefusal
from webex_connector.sandbox.oauth_replies import basic_client_of, granted, refused
from webex_connector.sandbox.problems import bad_request
from webex_connector.sandbox.world import World

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_PLACE = "/verify"
_TOO_FAST = 429
_ENTRY = (
    '<p>Enter the code that your device shows.</p><form method="get"><input name="userCode" autocomplete="off" '
    'aria-label="Code" autofocus> <button>Next</button></form>'
)
_UNKNOWN = "This code is unknown, expired or was used already."


def begin(world: World, request: Request) -> Reply:
    """
    Hand out a code for the device and one for its user. Raises a 400 for an unknown client or impossible scopes.
    """
    client, scopes = request.form.get("client_id", ""), frozenset(request.form.get("scope", "").split())
    if not world.grants.is_client(client):
        raise bad_request("Client Id is invalid")
    if not scopes or not world.grants.may_ask(scopes):
        raise bad_request("Scope is invalid")
    asked = world.grants.devices.ask(client, scopes)
    place = f"{request.base_url}{_PLACE}"
    return json_reply(
        200,
        {
            "device_code": asked.device_code,
            "expires_in": DEVICE_LIFE,
            "user_code": asked.user_code,
            "verification_uri": place,
            "verification_uri_complete": f"{place}?userCode={asked.hashed_code}",
            "interval": DEVICE_INTERVAL,
        },
    )


def token(world: World, request: Request) -> Reply:
    """
    Hand out the tokens once the user has allowed it; 428 until then, 429 to who asks too often.
    """
    try:
        return _token(world, request)
    except OAuthRefusal as refusal:
        reply = refused(world, refusal)
        wait = {"Retry-After": str(DEVICE_INTERVAL)} if refusal.status == _TOO_FAST else {}
        return replace(reply, headers=wait)


def page(world: World, request: Request) -> Reply:
    """
    Ask for the code, or show what the device with that code asks for.
    """
    code = request.query.get("userCode", "").strip()
    if not code:
        return pages.page(200, "Connect a device", _ENTRY)
    asked = world.grants.devices.undecided(code)
    if asked is None:
        return pages.complaint(_UNKNOWN)
    return pages.consent(world, asked.client_id, asked.scopes, {"userCode": asked.user_code})


def decision(world: World, request: Request) -> Reply:
    """
    Allow or deny what the device asks for, and say so.
    """
    asked = world.grants.devices.undecided(request.form.get("userCode", ""))
    if asked is None:
        return pages.complaint(_UNKNOWN)
    is_allowed = request.form.get("decision") == Decision.ALLOW.value
    asked.decision = Decision.ALLOW if is_allowed else Decision.DENY
    done = "is connected" if is_allowed else "was refused"
    return pages.page(
        200, "Done", f"<p>The device {done}: {html.escape(asked.client_id)}. You may close this page.</p>"
    )


def _token(world: World, request: Request) -> Reply:
    form = request.form
    try:
        name, secret = basic_client_of(request) or ("", "")
        world.grants.require_client(name, secret)
    except OAuthRefusal as refusal:
        # Cisco publishes 400 for this endpoint.
        raise OAuthRefusal(400, refusal.error, refusal.description) from None
    if form.get("client_id", "") != name:
        raise OAuthRefusal(400, "invalid_request", "The client id is not the one that was authenticated.")
    if form.get("grant_type", "") != _GRANT:
        raise OAuthRefusal(400, "unsupported_grant_type", f"The grant type must be {_GRANT}.")
    return granted(world, *world.grants.on_device(form.get("device_code", ""), name))


ROUTES = (
    Route("POST", "/device/authorize", begin, media=Media.FORM),
    Route("POST", "/device/token", token, media=Media.FORM),
    Route("GET", _PLACE, page, root=""),
    Route("POST", _PLACE, decision, root="", media=Media.FORM),
)
"""
The calls of this resource.
"""
