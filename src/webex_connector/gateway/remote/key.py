"""
The key that platforms and server share.
"""

import base64
import hashlib
import hmac

from webex_connector.base.log import logger
from webex_connector.base.secret import Secret
from webex_connector.gateway.failed_logins import FailedLogins

_log = logger("gateway")


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


class Lock:
    """
    The key's digest, and who has tried which does not fit.
    """

    def __init__(self, digest: Secret, failures: FailedLogins) -> None:
        self._digest, self._failures = digest, failures

    def opens(self, key: Secret, peer: str) -> bool:
        """
        Whether it is the key; nobody's is while too many wrong ones came from the same address.
        """
        if self._failures.wait(peer):
            return False
        known = fits(key, self._digest)
        if not known:
            self._failures.add(peer)
            _log.warning("remote.wrong_key", peer=peer)
        return known
