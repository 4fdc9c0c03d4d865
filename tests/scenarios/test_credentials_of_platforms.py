"""
How identity providers test credentials before they send anything, at the SCIM door of the whole house: with what is
right, and with what is not.

Written from the vendors' documentation, as the other replays: Okta ("Test API Credentials",
https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20/), Microsoft Entra ("Test Connection", and
authentication of gallery applications,
https://learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups), One Identity
(Starling Connect, https://support.oneidentity.com/technical-documents), SailPoint
(https://documentation.sailpoint.com/connectors/saas/scim_2_0/), the ConnId SCIM bundle of midPoint and Syncope
(https://github.com/Tirasa/ConnIdSCIMBundle) and PingOne (https://docs.pingidentity.com/pingone/).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from fakes.issuer import AUDIENCE, ISSUER, SUBJECT, SigningIssuer
from webex_connector.app import storing, wiring
from webex_connector.app.practice import practice_system
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.base.clock import Clock, SystemClock
from webex_connector.gateway.assertions import keys_of
from webex_connector.gateway.oauth.asking import ASSERTION_TYPE
from webex_connector.gateway.rights import Client, Trusted
from webex_connector.gateway.trust import Issuer
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.store.clients import By
from webex_connector.store.opening import StorePlace

SCIM = "/scim/webex/v2"
ANNA = By("anna", "command line")
NOBODY = "00000000-0000-0000-0000-000000000000"

OKTA = ("/Users?startIndex=1&count=2", "/Groups?startIndex=1&count=100")
ENTRA = (f"/Users?filter=userName+eq+%22{NOBODY}%22&aadOptscim062020", f"/Users?filter=externalId+eq+%22{NOBODY}%22")
ONE_IDENTITY = ("/Schemas", "/ResourceTypes", "/ServiceProviderConfig")
SAILPOINT = ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User", "/ResourceTypes/Group")
CONNID = ("/Users?startIndex=1&count=1&attributes=userName",)
PING = ("/Users?filter=userName+eq+%22nobody%40example.com%22", "/ServiceProviderConfig")
PROBES = {
    "Okta": OKTA,
    "Entra": ENTRA,
    "One Identity": ONE_IDENTITY,
    "SailPoint": SAILPOINT,
    "ConnId": CONNID,
    "Ping": PING,
}


@dataclass
class _House:
    """
    Two servers on one store, and what was given to a client.
    """

    one: httpx2.AsyncClient
    other: httpx2.AsyncClient
    settings: Settings
    secret: str
    issuer: SigningIssuer
    clock: Clock

    async def token(self, **fields: str) -> httpx2.Response:
        """
        Ask the first server for an access token.
        """
        return await self.one.post("/oauth2/token", data={"grant_type": "client_credentials", **fields})

    async def probe(self, path: str, authorization: str, server: httpx2.AsyncClient | None = None) -> httpx2.Response:
        """
        Send a request to the SCIM door.
        """
        headers = {"Authorization": authorization, "Accept": "application/scim+json"}
        return await (server or self.one).get(f"{SCIM}{path}", headers=headers)

    async def revoke(self) -> None:
        """
        Revoke the client, on the command line.
        """
        with storing.enrolment(self.settings, self.clock) as enrolment:
            await enrolment.revoke("idp", ANNA)


@asynccontextmanager
async def _house(clock: Clock, folder: Path) -> AsyncIterator[_House]:
    sandbox, issuer = Sandbox(people=20, clock=clock), SigningIssuer()
    trusted = Issuer("tenant", ISSUER, frozenset({AUDIENCE}), keys_of(issuer.key_set()))
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(sandbox.serving())
        settings = Settings(
            ServeSettings(),
            50,
            (),
            {"webex": practice_system("webex", address, sandbox.credentials)},
            StorePlace(folder),
            issuers=(trusted,),
        )
        with storing.enrolment(settings, clock) as enrolment:
            secret = await enrolment.add(Client("idp"), None, ANNA)
            await enrolment.add(Client("entra", trusted=Trusted("tenant", SUBJECT)), None, ANNA)
        assert secret is not None
        servers = []
        for _ in range(2):
            systems = await stack.enter_async_context(wiring.opened(settings, clock))
            transport = httpx2.ASGITransport(wiring.doors(systems, settings, clock))
            http = httpx2.AsyncClient(transport=transport, base_url="https://connector.example.com")
            servers.append(await stack.enter_async_context(http))
        yield _House(servers[0], servers[1], settings, secret.reveal(), issuer, clock)


@pytest.fixture
async def house(clock: SystemClock, tmp_path: Path) -> AsyncIterator[_House]:
    """
    Two servers with a client `idp` and a client `entra`.
    """
    async with _house(clock, tmp_path) as found:
        yield found


pytestmark = pytest.mark.real_time


@pytest.fixture
def clock() -> SystemClock:
    """
    The store works in threads, which no virtual clock waits for.
    """
    return SystemClock()


async def test_right_credentials_pass(house: _House) -> None:
    """
    With the token itself, and with an access token for it, as platforms that ask for name, secret and token address do.
    """
    access = (await house.token(client_id="idp", client_secret=house.secret)).json()["access_token"]
    for shown in (house.secret, access):
        for path in (path for paths in PROBES.values() for path in paths):
            answer = await house.probe(path, f"Bearer {shown}")
            assert (200, "application/scim+json") == (answer.status_code, answer.headers["content-type"])


@pytest.mark.parametrize("shown", ["Bearer wrong", "Bearer wxc_wrong", "Bearer wxa_wrong", "Bearer"])
async def test_wrong_credentials_fail_clearly(house: _House, shown: str) -> None:
    """
    401 in the standard's form with how to log in, never an empty list; who showed a token hears that it is that.
    """
    for path in (paths[0] for paths in PROBES.values()):
        answer = await house.probe(path, shown)
        assert (401, "401") == (answer.status_code, answer.json()["status"])
        assert ["urn:ietf:params:scim:api:messages:2.0:Error"] == answer.json()["schemas"]
        assert 'Bearer realm="webex-connector"' in answer.headers["www-authenticate"]
        assert ("invalid_token" in answer.headers["www-authenticate"]) is shown.startswith("Bearer w")


async def test_a_wrong_secret_fails_at_the_token_endpoint(house: _House) -> None:
    """
    Where the administrator looks at the moment of setting it up.
    """
    for fields in ({"client_secret": "wrong"}, {"client_secret": house.secret, "client_id": "starling"}):
        answer = await house.token(**{"client_id": "idp", **fields})
        assert (401, "invalid_client") == (answer.status_code, answer.json()["error"])


async def test_a_token_of_one_server_is_good_at_the_other(house: _House) -> None:
    """
    And worth nothing at either as soon as the client is revoked: each request is looked up.
    """
    access = (await house.token(client_id="idp", client_secret=house.secret)).json()["access_token"]
    for server in (house.one, house.other):
        assert 200 == (await house.probe(OKTA[0], f"Bearer {access}", server)).status_code
    await house.revoke()
    for server in (house.one, house.other):
        answer = await house.probe(OKTA[0], f"Bearer {access}", server)
        assert (401, True) == (answer.status_code, "access token of idp was revoked" in answer.json()["detail"])
    assert 401 == (await house.token(client_id="idp", client_secret=house.secret)).status_code


async def test_entra_comes_without_a_secret(house: _House) -> None:
    """
    Workload identity: a signed assertion in place of one, used once over both servers; another tenant gets nothing.
    """
    text = house.issuer.signed(house.clock.now(), jti="one")
    fields = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": text, "client_id": "entra"}
    access = (await house.token(**fields)).json()["access_token"]
    for path in ENTRA:
        assert 0 == (await house.probe(path, f"Bearer {access}", house.other)).json()["totalResults"]
    again = await house.other.post("/oauth2/token", data={"grant_type": "client_credentials", **fields})
    assert (401, "invalid_client") == (again.status_code, again.json()["error"])
    foreign = SigningIssuer().signed(house.clock.now())
    assert 401 == (await house.token(**{**fields, "client_assertion": foreign})).status_code


async def test_of_many_uses_at_once_one_is_the_first(house: _House) -> None:
    """
    Two servers are asked with the same assertion at the same moment: one token, however they meet.
    """
    text = house.issuer.signed(house.clock.now(), jti="race")
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": text}
    asked = [server.post("/oauth2/token", data=form) for server in (house.one, house.other) for _ in range(3)]
    answers = await asyncio.gather(*asked)
    assert [200, 401, 401, 401, 401, 401] == sorted(each.status_code for each in answers)
