"""
The token endpoint before a store, with clients of both kinds and an issuer.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
from starlette.applications import Starlette

from fakes.issuer import AUDIENCE, ISSUER, SUBJECT, SigningIssuer
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.access import Access
from webex_connector.gateway.enrolment import Enrolment
from webex_connector.gateway.failed_logins import FailureLimit
from webex_connector.gateway.issuing import Issued
from webex_connector.gateway.oauth.door import routes
from webex_connector.gateway.rights import Client, Right, Role, Trusted
from webex_connector.gateway.trust import Issuer, Trust
from webex_connector.store.access_tokens import AccessTokens
from webex_connector.store.clients import By, ClientTable
from webex_connector.store.opening import Store

ANNA = By("anna", "command line")
HOST = "192.0.2.7"
FIXED = Client("fixed", Secret("fixed password"), token=Secret("fixed token"), role=Role.READER)
ENTRA = Client("entra", without=frozenset({Right.DELETE}), trusted=Trusted("tenant", SUBJECT))


@dataclass
class Desk:
    """
    The token endpoint and what is behind it.
    """

    http: httpx2.AsyncClient
    access: Access
    enrolment: Enrolment
    issuer: SigningIssuer
    store: Store
    clock: VirtualClock

    async def ask(self, login: tuple[str, str] | None = None, **fields: str) -> httpx2.Response:
        """
        Ask for a token; by client credentials unless it is said otherwise.
        """
        form = {"grant_type": "client_credentials", **fields}
        return await self.http.post("/oauth2/token", data=form, auth=login or httpx2.USE_CLIENT_DEFAULT)

    async def secret(self, client: Client) -> str:
        """
        Enrol a client and return its secret.
        """
        shown = await self.enrolment.add(client, None, ANNA)
        assert shown is not None
        return shown.reveal()


@asynccontextmanager
async def token_desk(store: Store, clock: VirtualClock) -> AsyncIterator[Desk]:
    """
    A token endpoint that knows the client `fixed` by its settings, and the client `entra` by assertions of an issuer.
    """
    issuer = SigningIssuer()
    trusted = [
        Issuer("tenant", ISSUER, frozenset({AUDIENCE}), "https://login.example.com/keys"),
        Issuer("robot", "robot", frozenset({AUDIENCE}), "https://robot.example.com/keys", at_doors=True),
    ]
    table, issued = ClientTable(store.database), Issued(AccessTokens(store.database), clock)
    access = Access(
        [FIXED, ENTRA],
        clock,
        FailureLimit(failures=5),
        table,
        issued=issued,
        trust=Trust(trusted, issuer.fetched, clock),
    )
    application = Starlette(routes=list(routes(access, issued, None)))
    transport = httpx2.ASGITransport(application, client=(HOST, 1))
    async with httpx2.AsyncClient(transport=transport, base_url="https://connector.example.com") as http:
        enrolment = Enrolment(table, clock, [FIXED, ENTRA], ["webex"], ["tenant", "robot"])
        yield Desk(http, access, enrolment, issuer, store, clock)
