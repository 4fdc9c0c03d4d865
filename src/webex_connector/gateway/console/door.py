"""
The door itself: who may see a page, and from whatever goes wrong to a page that says so.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.access import Access
from webex_connector.gateway.admission import NotAdmitted
from webex_connector.gateway.console import assets
from webex_connector.gateway.console.forms import sent
from webex_connector.gateway.console.pages import NAME, Pages, Visit
from webex_connector.gateway.console.ports import Connecting, Open
from webex_connector.gateway.console.rendering import page, redirect
from webex_connector.gateway.console.sessions import LIFE, Session, Sessions
from webex_connector.gateway.http import BodyTooLarge, NotUnderstood, site_of
from webex_connector.gateway.rights import Client, NotPermitted, Right
from webex_connector.icf.errors import ConnectorError, TryLater

log = logger("gateway")

Handler = Callable[[Visit], Awaitable[Response]]

_COOKIE: Final = "webex_connector_session"
_HTTPS_COOKIE: Final = "__Host-webex_connector_session"
_SAME_SITE: Final = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class _SignedIn:
    session: Session
    client: Client


def routes(
    systems: Mapping[str, Open],
    connecting: Connecting,
    access: Access,
    clock: Clock,
    public_address: str | None = None,
) -> list[BaseRoute]:
    """
    Return the console's paths. `public_address` is where browsers reach it, if that is not the address they ask at.
    """
    door = _Door(access, clock, public_address)
    pages = Pages(systems, connecting, clock)
    own = {
        "/": {"GET": pages.systems},
        "/set-up": {"GET": pages.new},
        "/connected": {"GET": pages.connected},
        "/systems/{name}": {"GET": pages.details},
        "/systems/{name}/findings": {"GET": pages.findings},
        "/systems/{name}/set-up": {"GET": pages.set_up},
        "/systems/{name}/connect": {"GET": pages.form, "POST": pages.connect},
        "/systems/{name}/token": {"GET": pages.token, "POST": pages.paste},
        "/systems/{name}/forget": {"POST": pages.forget},
    }
    return [
        Route("/sign-in", door.sign_in, methods=["GET", "POST"]),
        Route("/sign-out", door.sign_out, methods=["POST"]),
        Route("/static/{file}", assets.served),
        *(Route(path, door.guarded(handlers), methods=list(handlers)) for path, handlers in own.items()),
    ]


class _Door:
    def __init__(self, access: Access, clock: Clock, public_address: str | None) -> None:
        self._access, self._public_address = access, public_address
        self._sessions = Sessions(clock)

    def guarded(self, handlers: Mapping[str, Handler]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return await self._answered(request, handlers["GET" if request.method == "HEAD" else request.method])
            except NotPermitted as problem:
                return _failed(403, str(problem))
            except (NotUnderstood, BodyTooLarge) as problem:
                return _failed(400, str(problem))
            except ConnectorError as problem:
                return _failed(503 if isinstance(problem, TryLater) else 400, problem.message, problem.tracking_id)

        return endpoint

    async def sign_in(self, request: Request) -> Response:
        if request.method != "POST":
            return page("sign-in.html", to=_inside(request.query_params.get("to", "/")), name="", problem="")
        try:
            _refuse_other_sites(request)
            form = await sent(request)
        except (NotUnderstood, BodyTooLarge, NotPermitted) as problem:
            return _failed(400, str(problem))
        name, to = form.get("name", ""), _inside(form.get("to", "/"))
        try:
            client = await self._access.admit(name, form.get("password", ""), _address(request))
            client.require(Right.CONFIGURE, None if client.systems is None else next(iter(client.systems), None))
        except (NotAdmitted, NotPermitted, ConnectorError) as problem:
            return page("sign-in.html", 403, to=to, name=name, problem=str(problem))
        log.info("console.signed_in", client=client.name)
        return redirect(to, self._cookie(request, self._sessions.begin(client.name), int(LIFE.total_seconds())))

    async def sign_out(self, request: Request) -> Response:
        try:
            signed_in = await self._signed_in(request)
            if signed_in is not None:
                await self._refuse_forged(request, signed_in.session)
        except (NotUnderstood, BodyTooLarge, NotPermitted, ConnectorError) as problem:
            return _failed(400, str(problem))
        return redirect("/sign-in", self._cookie(request, "", 0))

    async def _answered(self, request: Request, handler: Handler) -> Response:
        signed_in = await self._signed_in(request)
        if signed_in is None:
            if request.headers.get("hx-request"):
                return page("signed-out.html", 401, {"HX-Redirect": "/sign-in"})
            query = f"?{request.url.query}" if request.url.query else ""
            # After a change nothing is sent again by signing in.
            to = "/" if request.method == "POST" else f"{request.url.path}{query}"
            return redirect(f"/sign-in?to={quote(to, safe='')}")
        form = {}
        if request.method == "POST":
            form = await self._refuse_forged(request, signed_in.session)
        system = request.path_params.get("name")
        if system is not None:
            signed_in.client.require(Right.CONFIGURE, system)
        return await handler(Visit(request, signed_in.client, signed_in.session, form, self._origin(request)))

    async def _signed_in(self, request: Request) -> _SignedIn | None:
        jar = SimpleCookie(request.headers.get("cookie", ""))
        cookie = jar.get(_HTTPS_COOKIE if self._is_https(request) else _COOKIE)
        session = None if cookie is None else self._sessions.of(cookie.value)
        if session is None:
            return None
        try:
            return _SignedIn(session, await self._access.again(session.client, session.began))
        except NotAdmitted:
            return None

    async def _refuse_forged(self, request: Request, session: Session) -> dict[str, str]:
        _refuse_other_sites(request)
        form = await sent(request)
        if form.pop("form_token", "") != session.form_token:
            raise NotPermitted("This form is not of this session; open the page again")
        return form

    def _cookie(self, request: Request, value: str, seconds: int) -> str:
        # Lax: the way back from Webex's consent page begins on another site.
        flags = f"Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
        if self._is_https(request):
            return f"{_HTTPS_COOKIE}={value}; {flags}; Secure"
        return f"{_COOKIE}={value}; {flags}"

    def _is_https(self, request: Request) -> bool:
        return self._origin(request).startswith("https:")

    def _origin(self, request: Request) -> str:
        return self._public_address or site_of(request.scope)


def _refuse_other_sites(request: Request) -> None:
    """
    Raise NotPermitted when a browser says that another site's page sends this.
    """
    if request.headers.get("sec-fetch-site", "none") not in _SAME_SITE:
        raise NotPermitted("This form was sent by another site")


def _inside(to: str) -> str:
    """
    Return the path to lead to, never another site.
    """
    parts = urlsplit(to)
    inside = to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.netloc
    return to if inside and to.isprintable() else "/"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _failed(status: int, sentence: str, tracking_id: str | None = None) -> Response:
    log.info("console.refused", door=NAME, status=status)
    return page("failed.html", status, sentence=sentence, tracking_id=tracking_id)
