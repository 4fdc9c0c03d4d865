"""
What the scenarios share.
"""

from pathlib import Path

import pytest

_CERTIFICATE = Path(__file__).parents[1] / "samples" / "other-host.pem"


@pytest.fixture(autouse=True)
def one_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Trust one certificate in place of the machine's hundreds.

    The simulated Webex speaks no TLS, and reading all of them took longer than the whole scenario.
    """
    monkeypatch.setenv("SSL_CERT_FILE", str(_CERTIFICATE))
