"""
Every method and grant against the simulated Webex, which checks each by itself.
"""

from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from fakes.hub import OPTIONS, running_hub
from fakes.hub_subjects import person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.sandbox.grants import ACCESS_LIFE, REFRESH_LIFE, Credentials
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import SAMPLE

RSA, EC = RSAKey.generate_key(2048), ECKey.generate_key("P-256")
RSA_PEM, EC_PEM = RSA.as_pem(private=True).decode(), EC.as_pem(private=True).decode()
TRUSTED = {RSA_PEM: RSA.as_pem(private=False).decode(), EC_PEM: EC.as_pem(private=False).decode()}

WAYS: dict[str, dict[str, Any]] = {
    "refresh token": {},
    "refresh token, secret in the form": {"useBasicAuthForOauthTokenNeg": False},
    "client credentials": {"grantType": "client_credentials"},
    "client credentials, secret in the form": {
        "grantType": "client_credentials",
        "useBasicAuthForOauthTokenNeg": False,
    },
    "assertion": {"grantType": "jwt_bearer", "jwtPem": RSA_PEM},
    "assertion, elliptic, without a client": {
        "grantType": "jwt_bearer",
        "jwtPem": EC_PEM,
        "clientId": None,
        "clientSecret": None,
        "jwtClaims": {"iss": "us", "sub": "us"},
    },
    "signed token": {"authenticationMethod": "JWT_TOKEN", "jwtPem": RSA_PEM, "jwtAlgorithm": "PS256"},
    "pasted token": {"authenticationMethod": "TOKEN", "authToken": "sandbox-admin-token"},
    "password": {"authenticationMethod": "BASIC", "login": "sandbox-login", "password": "sandbox-password"},
}


@pytest.mark.parametrize("rotates", [True, False])
@pytest.mark.parametrize("way", WAYS)
async def test_every_way_in_is_open_for_months(way: str, *, rotates: bool, clock: VirtualClock) -> None:
    """
    A change is made on the first day, after each access token, and shortly before the refresh token ends.
    """
    properties = WAYS[way]
    credentials = Credentials(trusted_key=TRUSTED.get(properties.get("jwtPem", ""), ""))
    quirks = Quirks(refresh_rotates=rotates, refresh_revokes_access=rotates)
    async with running_hub(clock, people=5, credentials=credentials, quirks=quirks, **properties) as hub:
        for title, days in (("Chief", 0), ("Boss", ACCESS_LIFE), ("Head", ACCESS_LIFE), ("Lead", REFRESH_LIFE - 60)):
            await clock.sleep(days)
            await hub.facade.update(names.ACCOUNT, person_id(hub, SAMPLE), [replaced("title", title)], OPTIONS)
            person = hub.sandbox.world.person_at(SAMPLE)
            assert person is not None
            assert title == person.title
    assert set() == {entry.status for entry in hub.sandbox.trace.requests()} & {400, 401, 403}
