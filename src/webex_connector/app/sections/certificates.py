"""
Client certificates to show to Webex: `[certificates.<name>]`.
"""

from typing import cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.table import Table
from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import Certificates
from webex_connector.icf.configuration import Property
from webex_connector.webex.certificates import CertificateFile

SECTION = Section(
    ("certificates", ANY),
    "A client certificate, under the name that clientCertAlias of a system takes.",
    (
        Property(
            "file",
            "The certificate with its chain as PEM, or certificate and key as PKCS#12 (.p12, .pfx).",
            required=True,
        ),
        Property("private_key", "A PEM file with the certificate's key, when the certificate's file does not hold it."),
        Property("password", "What opens the file, or the private key.", secret=True),
    ),
)


def read(top: Table) -> Certificates:
    """
    Return the certificates by name.
    """
    return {name: _certificate(table) for name, table in top.table("certificates").tables().items()}


def _certificate(table: Table) -> CertificateFile:
    values = table.values(SECTION.properties)
    key = values.get("private_key")
    return CertificateFile(
        table.folder / str(values.get("file")),
        None if key is None else table.folder / str(key),
        cast("Secret | None", values.get("password")),
    )
