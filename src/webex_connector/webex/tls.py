"""
Whom we trust to be Webex.
"""

import ssl

from webex_connector.base.log import logger
from webex_connector.webex.settings import ClientSettings

_LOG = logger("webex")


def trust(settings: ClientSettings) -> ssl.SSLContext:
    """
    Return the TLS rules that the settings ask for; each rule that is switched off is logged as a warning.

    The certificates trusted are those of the system; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others.
    """
    context = ssl.create_default_context()
    if settings.accept_self_signed or settings.disable_host_name_verifier:
        context.check_hostname = False
    if settings.accept_self_signed:
        context.verify_mode = ssl.CERT_NONE
        _LOG.warning("webex.any_certificate_accepted", setting="acceptSelfSignedCertificates")
    if settings.disable_host_name_verifier:
        _LOG.warning("webex.any_host_name_accepted", setting="disableHostNameVerifier")
    if settings.client_certificate is not None:
        settings.client_certificate.use_in(context)
    return context
