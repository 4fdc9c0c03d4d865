"""
Signed tokens as the sandbox reads them, signed here by a library that it does not use.
"""

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from webex_connector.sandbox.assertions import Untrusted, claims_in

NOW = 1_800_000_000
RSA = RSAKey.generate_key(2048)
EC = ECKey.generate_key("P-256")
SHARED = "a shared secret of at least thirty-two bytes"
KEYS: dict[str, tuple[Key, str]] = {
    "RS256": (RSA, RSA.as_pem(private=False).decode()),
    "PS384": (RSA, RSA.as_pem(private=False).decode()),
    "ES256": (EC, EC.as_pem(private=False).decode()),
    "HS256": (OctKey.import_key(SHARED), SHARED),
}


def signed(algorithm: str = "RS256", **claims: object) -> str:
    """
    A token that is good for five minutes, unless its claims say otherwise.
    """
    told = {"iss": "me", "aud": "there", "iat": NOW, "exp": NOW + 300, **claims}
    return jwt.encode({"alg": algorithm}, told, KEYS[algorithm][0], algorithms=[algorithm])


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_good_token_is_believed(algorithm: str) -> None:
    """
    Signed with either kind of key, or with a shared secret.
    """
    claims = claims_in(signed(algorithm), KEYS[algorithm][1], NOW, "there")
    assert ("me", NOW + 300) == (claims["iss"], claims["exp"])


@pytest.mark.parametrize(
    ("token", "trusted", "reason"),
    [
        (signed(), KEYS["ES256"][1], "The signature of the assertion is wrong."),
        (
            signed(),
            RSAKey.generate_key(2048).as_pem(private=False).decode(),
            "The signature of the assertion is wrong.",
        ),
        (signed("HS256"), KEYS["RS256"][1], "The signature of the assertion is wrong."),
        (signed("HS256"), "another secret", "The signature of the assertion is wrong."),
        (signed(), "", "The signature of the assertion is wrong."),
        ("eyJhbGciOiJub25lIn0.e30.", SHARED, "The signature of the assertion is wrong."),
        ("no.token.€", SHARED, "The assertion cannot be read."),
        ("no token", SHARED, "The assertion is not a signed JWT."),
        (signed(exp=NOW - 60), KEYS["RS256"][1], "The assertion has expired."),
        (signed(exp=None), KEYS["RS256"][1], "The assertion has expired."),
        (signed(iat=NOW + 61), KEYS["RS256"][1], "The assertion is not yet valid."),
        (signed(aud=["here"]), KEYS["RS256"][1], "The assertion is made for another audience."),
    ],
)
def test_a_bad_token_is_not(token: str, trusted: str, reason: str) -> None:
    """
    And the reason is told.
    """
    with pytest.raises(Untrusted, match=reason):
        claims_in(token, trusted, NOW, "there")
