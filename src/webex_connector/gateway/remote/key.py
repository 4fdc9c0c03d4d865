"""
The key that platforms and server share.
"""

import base64
import hashlib
import hmac

from webex_connector.base.secret import Secret


def digest_of(key: str) -> str:
    """
    Return the digest of a key in the form of `connectorserver.key` in the properties of a Java connector server.

    Source: `SecurityUtil.computeBase64SHA1Hash` in ConnId: SHA-1 over the key's UTF-16 units.
    """
    units = key.encode("utf-16-be", "surrogatepass")
    # The protocol's own choice. Whoever has the digest tries keys at leisure; a key of 128 random bits withstands that.
    return base64.b64encode(hashlib.sha1(units, usedforsecurity=False).digest()).decode()


def fits(key: Secret, digest: Secret) -> bool:
    """
    Whether a key has this digest; it takes the same time whatever it is.
    """
    return hmac.compare_digest(digest_of(key.reveal()).encode(), digest.reveal().strip().encode())
