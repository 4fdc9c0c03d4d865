"""
The pages: each answers one request of somebody who is signed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.gateway.console import forms
from webex_connector.gateway.console.ports import Connecting, Open, Standing
from webex_connector.gateway.console.rendering import page, redirect
from webex_connector.gateway.console.sessions import Session
from webex_connector.gateway.rights import Client, NotPermitted, Right
from webex_connector.icf.configuration import ConfigurationMistakes, Mistake
from webex_connector.icf.errors import ConnectorError, InvalidInput
from webex_connector.icf.objects import TestReport
from webex_connector.icf.options import OperationOptions

NAME: Final = "console"
"""
What the journal calls this door.
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """
    A request of somebody who is signed in and may see the system that it names.
    """

    request: Request
    client: Client
    session: Session
    form: Mapping[str, str]
    origin: str
    """
    Scheme and host by which the browser reaches the console.
    """

    @property
    def system(self) -> str:
        """
        The system in the path.
        """
        return str(self.request.path_params["name"])

    @property
    def redirect_uri(self) -> str:
        """
        Where Webex's consent page leads back to.
        """
        return f"{self.origin}/connected"


class Pages:
    """
    Every page. What they raise, the door turns into a page that says so.
    """

    def __init__(self, systems: Mapping[str, Open], connecting: Connecting, clock: Clock) -> None:
        self._systems, self._connecting, self._clock = systems, connecting, clock

    async def systems(self, visit: Visit) -> Response:
        """
        List the systems that the client may set up.
        """
        standings = [
            each for each in await self._connecting.standings() if visit.client.may(Right.CONFIGURE, each.name)
        ]
        return self._page(visit, "systems.html", standings=standings, may_add=visit.client.may(Right.CONFIGURE, None))

    async def new(self, visit: Visit) -> Response:
        """
        Begin a system that there is not yet.
        """
        name = visit.request.query_params.get("system", "").strip()
        visit.client.require(Right.CONFIGURE, None)
        if not name.isascii() or not name.isalnum():
            raise InvalidInput("The name of a system is part of addresses: use letters and digits only")
        return redirect(f"/systems/{quote(name)}/set-up")

    async def set_up(self, visit: Visit) -> Response:
        """
        Say what to do in Webex before: the integration, its scopes, the redirect URI.
        """
        scopes = str((await self._connecting.values(visit.system)).get("scope") or "").split()
        return self._page(
            visit,
            "set-up.html",
            system=visit.system,
            redirect_uri=visit.redirect_uri,
            scopes=scopes or self._connecting.scopes,
        )

    async def form(self, visit: Visit) -> Response:
        """
        Show the fields.
        """
        return await self._form(visit, {}, ())

    async def connect(self, visit: Visit) -> Response:
        """
        Lead to Webex's consent page; with mistakes, back to the fields.
        """
        known = await self._connecting.values(visit.system)
        given = forms.values(self._connecting.properties, visit.form, known)
        try:
            question = await self._connecting.ask(visit.system, given, visit.redirect_uri, visit.session.id)
        except ConfigurationMistakes as found:
            return await self._form(visit, visit.form, found.mistakes)
        # A page of its own: the policy lets no form lead to another site, not even by a redirect.
        headers = {"Refresh": f"0; url={question.address}"}
        return self._page(visit, "leave.html", headers=headers, address=question.address)

    async def connected(self, visit: Visit) -> Response:
        """
        Take what Webex's consent page brings back.
        """
        asked = visit.request.query_params
        callback = f"{visit.redirect_uri}?{visit.request.url.query}"
        name = await self._connecting.answer(asked.get("state", ""), callback, visit.session.id, visit.client.name)
        return redirect(f"/systems/{name}")

    async def details(self, visit: Visit) -> Response:
        """
        Show how a system stands. What Webex says about it is loaded after the page, or with it when `check` is asked.
        """
        standing = await self._standing(visit.system)
        report = await self._report(visit) if "check" in visit.request.query_params else None
        return self._page(visit, "details.html", standing=standing, report=report, system=visit.system)

    async def findings(self, visit: Visit) -> Response:
        """
        Show what Webex says about a system now, as a part of its page.
        """
        return self._page(visit, "findings.html", report=await self._report(visit))

    async def token(self, visit: Visit) -> Response:
        """
        Show where to fetch a bearer token, and where to paste it.
        """
        return await self._token(visit, "")

    async def paste(self, visit: Visit) -> Response:
        """
        Take a pasted token.
        """
        pasted = Secret(visit.form.get("token", ""))
        try:
            await self._connecting.paste(visit.form.get("state", ""), pasted, visit.session.id, visit.client.name)
        except ConnectorError as problem:
            return await self._token(visit, problem.message)
        return redirect(f"/systems/{visit.system}")

    async def forget(self, visit: Visit) -> Response:
        """
        Forget what Connect brought.
        """
        await self._connecting.forget(visit.system, visit.client.name)
        return redirect("/")

    async def _form(self, visit: Visit, given: Mapping[str, str], mistakes: Sequence[Mistake]) -> Response:
        known = await self._connecting.values(visit.system)
        fields = forms.fields(self._connecting.properties, known, given, mistakes)
        named = {each.name for each in fields}
        return self._page(
            visit,
            "connect.html",
            status=400 if mistakes else 200,
            system=visit.system,
            fields=fields,
            other_mistakes=[each for each in mistakes if each.property not in named],
            has_mistakes=bool(mistakes),
        )

    async def _token(self, visit: Visit, problem: str) -> Response:
        question = await self._connecting.ask_for_token(visit.system, {}, visit.session.id)
        return self._page(
            visit,
            "token.html",
            status=400 if problem else 200,
            system=visit.system,
            address=question.address,
            state=question.state,
            problem=problem,
        )

    async def _standing(self, name: str) -> Standing:
        for each in await self._connecting.standings():
            if each.name == name:
                return each
        raise InvalidInput(f"There is no system {name}")

    async def _report(self, visit: Visit) -> TestReport:
        if visit.system not in self._systems:
            raise NotPermitted(f"{visit.system} is not connected")
        facade = self._systems[visit.system].facade
        return await facade.test(OperationOptions(actor=visit.client.actor(NAME)))

    def _page(
        self,
        visit: Visit,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Response:
        now: datetime = self._clock.now()
        return page(
            template, status, headers, client=visit.client, form_token=visit.session.form_token, now=now, **values
        )
