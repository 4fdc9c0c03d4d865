"""
`/access_token`, `/authorizations/tokenExpiry` (https://developer.webex.com/docs/integrations) and the tokens of service
apps (https://developer.webex.com/docs/service-apps).
"""

import msgspec

from webex_connector.sandbox import ids
from webex_connector.sandbox.exchange import Media, Reply, Request, Route, json_reply, need
from webex_connector.sandbox.grants import OAuthRefusal
from webex_connector.sandbox.oauth_replies import client_of, granted, refused, terms
from webex_connector.sandbox.problems import Problem
from webex_connector.sandbox.world import World

_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class AppDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    What an integration writes to obtain the tokens of a service app.
    """

    client_id: str
    client_secret: str
    target_org_id: str


def token(world: World, request: Request) -> Reply:
    """
    Hand out an access token for a refresh token, a code of the consent page or a signed assertion, or to the client.
    """
    try:
        return _token(world, request)
    except OAuthRefusal as refusal:
        return refused(world, refusal)


def expiry(_world: World, request: Request) -> Reply:
    """
    Answer when the token that asks expires, in milliseconds since 1970; a token that never does has no answer.
    """
    if request.token is None or request.token.expires is None:
        raise Problem(404)
    return json_reply(200, {"exp": int(request.token.expires)})


def app_token(world: World, request: Request) -> Reply:
    """
    Hand out the tokens of the service app, which belong to no person.
    """
    draft = request.json(AppDraft)
    try:
        world.grants.require_client(draft.client_id, draft.client_secret)
    except OAuthRefusal:
        raise Problem(401, message="Invalid client credentials") from None
    if not world.grants.is_application(request.params["id"]):
        raise Problem(404)
    if ids.value_of(ids.Kind.ORGANIZATION, draft.target_org_id) != world.organization.uuid:
        raise Problem(403)
    access, refresh = world.grants.service_app()
    return json_reply(200, terms(world, access, refresh))


def revocation(world: World, request: Request) -> Reply:
    """
    Revoke a token; an unknown one is no error (RFC 7009, section 2.2).
    """
    try:
        world.grants.require_client(*client_of(request))
    except OAuthRefusal as refusal:
        return json_reply(refusal.status, {"error": refusal.error, "error_description": refusal.description})
    world.grants.withdraw(request.form.get("token", ""))
    return json_reply(200, {})


def _token(world: World, request: Request) -> Reply:
    grant = request.form.get("grant_type", "")
    if grant == _JWT_BEARER:
        # The signature says who it is; the client may show its credentials as well (RFC 7523, section 3.1).
        name, secret = client_of(request)
        if secret:
            world.grants.require_client(name, secret)
        audience = f"{request.base_url}{request.path}"
        return granted(world, world.grants.asserted(request.form.get("assertion", ""), audience), None)
    world.grants.require_client(*client_of(request))
    if grant == "authorization_code":
        form = request.form
        code, verifier = form.get("code", ""), form.get("code_verifier", "")
        return granted(
            world, *world.grants.exchanged(code, client_of(request)[0], form.get("redirect_uri", ""), verifier)
        )
    if grant == "refresh_token":
        access, refresh = world.grants.refresh(
            request.form.get("refresh_token", ""),
            rotate=world.quirks.refresh_rotates,
            revoke_access=world.quirks.refresh_revokes_access,
        )
        return granted(world, access, refresh)
    if grant == "client_credentials":
        return granted(world, world.grants.machine(), None)
    raise OAuthRefusal(400, "unsupported_grant_type", f"The grant type {grant!r} is not supported.")


ROUTES = (
    Route("POST", "/access_token", token, media=Media.FORM),
    Route("POST", "/revoke", revocation, root="/idb/oauth2/v1", media=Media.FORM),
    Route("GET", "/authorizations/tokenExpiry", expiry, (frozenset(),)),
    Route("POST", "/applications/{id}/token", app_token, (need("spark:applications_token"),)),
)
"""
The calls of this resource.
"""
