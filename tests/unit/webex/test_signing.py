"""
Keys that cannot sign, certificates that are not theirs, and tokens that are signed anew in time.
"""

import json
from datetime import datetime, timedelta

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import RSAKey

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.webex.self_signed import SelfSignedToken
from webex_connector.webex.signing import Signer, UnusableKey, algorithm_for, key_of_jwk, key_of_pem, thumbprint_of
from webex_connector.webex.wire import Answer, Request

CA = trustme.CA()
LEAF = CA.issue_cert("us@acme.example")
LEAF_PEM = Secret(LEAF.private_key_pem.bytes().decode())


def pem(key: PrivateKeyTypes) -> Secret:
    """
    A key as people have it.
    """
    return Secret(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (rsa.generate_private_key(65537, 2048), "RS256"),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (ec.generate_private_key(ec.SECP521R1()), "ES512"),
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
    ],
)
def test_each_key_has_its_usual_algorithm(key: PrivateKeyTypes, algorithm: str) -> None:
    """
    And signs with it.
    """
    found = key_of_pem(pem(key), None)
    assert algorithm == algorithm_for(found, None)
    token = Signer(found, algorithm, 60, {"iss": "us"}).token(EPOCH)
    assert "us" == jwt.decode(token.reveal(), found, algorithms=[algorithm]).claims["iss"]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (rsa.generate_private_key(65537, 1024), "jwtPem: is an RSA key of 1024 bits; 2048 are the least"),  # noqa: S505 - the case
        (ec.generate_private_key(ec.BrainpoolP256R1()), "jwtPem: is a key of kind EC that cannot sign a JWT"),
        (ec.generate_private_key(ec.SECP256K1()), "jwtPem: is on the curve secp256k1; there are P-256"),
        (x25519.X25519PrivateKey.generate(), "jwtPem: is on the curve X25519; there are P-256"),
        (dsa.generate_private_key(2048), "jwtPem: is a DSA key, which cannot sign a JWT"),
    ],
)
def test_a_key_that_cannot_sign_is_refused(key: PrivateKeyTypes, sentence: str) -> None:
    """
    With what is wrong about it.
    """
    with pytest.raises(UnusableKey) as caught:
        key_of_pem(pem(key), None)
    assert str(caught.value).startswith(sentence)


def test_a_public_key_is_refused() -> None:
    """
    It is what the other side has.
    """
    public = json.dumps(RSAKey.generate_key(2048).as_dict(private=False))
    with pytest.raises(UnusableKey, match=r"^jwtKey: is a public key; signing needs the private one$"):
        key_of_jwk(Secret(public))


@pytest.mark.parametrize(
    ("certificate", "now", "sentence"),
    [
        (CA.issue_cert("us@acme.example"), EPOCH, "belongs to another key than jwtPem"),
        (LEAF, EPOCH.replace(year=3010), "ended on 3000-01-01"),
        (LEAF, EPOCH.replace(year=1999), "begins on 2000-01-01"),
    ],
)
def test_a_certificate_that_does_not_fit_is_refused(
    certificate: trustme.LeafCert, now: datetime, sentence: str
) -> None:
    """
    The other side would refuse every token.
    """
    text = certificate.cert_chain_pems[0].bytes().decode()
    with pytest.raises(UnusableKey) as caught:
        thumbprint_of(text, key_of_pem(LEAF_PEM, None), now)
    assert f"jwtCert: {sentence}" == str(caught.value)


async def nobody(request: Request) -> Answer:
    """
    A token endpoint that is never asked.
    """
    raise AssertionError(request)


async def test_a_token_is_signed_anew_before_its_end_and_when_it_is_refused(clock: VirtualClock) -> None:
    """
    In between it is the same one, and who was refused an older one gets it without another signature.
    """
    key = key_of_pem(LEAF_PEM, None)
    tokens = SelfSignedToken(Signer(key, algorithm_for(key, None), 100, {}), clock)
    first = await tokens.token(nobody)
    await clock.sleep(89)
    assert first == await tokens.token(nobody)
    assert EPOCH + timedelta(seconds=100) == tokens.facts.ends
    await clock.sleep(1)
    second = await tokens.token(nobody)
    assert first != second
    assert second == await tokens.renew(first, nobody)
    third = await tokens.renew(second, nobody)
    assert third not in {first, second}
    assert third == await tokens.token(nobody)


def test_a_signer_shows_no_key() -> None:
    """
    It may stand in a traceback.
    """
    key = key_of_pem(LEAF_PEM, None)
    assert "Signer(ES256)" == repr(Signer(key, "ES256", 60, {"iss": "us"}))
