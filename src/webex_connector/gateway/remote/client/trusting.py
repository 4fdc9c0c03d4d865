"""
By what a connector server is trusted: authorities that vouch for its certificate, or the certificate's fingerprint.
"""

import re
import ssl
from pathlib import Path
from typing import Final

from webex_connector.icf.errors import ConfigurationInvalid

_DIGITS: Final = re.compile(r"[0-9A-Fa-f]{64}")


def is_fingerprint(text: str) -> bool:
    """
    Whether a text is the SHA-256 of a certificate: 64 hexadecimal digits, with or without colons between them.
    """
    return _DIGITS.fullmatch(text.replace(":", "")) is not None


def trusting(authorities: Path | None, fingerprint: str | None) -> ssl.SSLContext:
    """
    Return how TLS is spoken with a server that one of these authorities vouches for, those of this computer without
    any; or with one that shows the certificate of a fingerprint, whoever vouches for it and whatever name it is for.

    Raises ConfigurationInvalid when the authorities cannot be used.
    """
    if fingerprint is not None:
        # The fingerprint says which certificate it is; it is compared before anything is said.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    try:
        return ssl.create_default_context(cafile=authorities)
    except (OSError, ssl.SSLError) as problem:
        raise ConfigurationInvalid(f"Cannot use the certificates in {authorities}: {problem}") from problem
