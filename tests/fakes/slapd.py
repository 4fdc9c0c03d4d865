"""
An OpenLDAP server of its own, in a temporary folder, on free ports of the loopback: no trace is left.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme
from ldap3 import BASE, Connection

# Debian keeps servers off the path of those who are not root.
_PROGRAM = shutil.which("slapd") or "/usr/sbin/slapd"
_PATIENCE = 30.0
_SCHEMAS = ("core", "cosine", "inetorgperson")

SUFFIX = "dc=example,dc=com"
PEOPLE = f"ou=people,{SUFFIX}"
ADMIN = f"cn=admin,{SUFFIX}"
SECRET = "a-secret"
READER = f"cn=reader,{SUFFIX}"
"""
One who is given ten entries at most.
"""

_CONFIG = """
{schemas}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {home}/pid
TLSCACertificateFile {home}/ca.pem
TLSCertificateFile {home}/server.pem
TLSCertificateKeyFile {home}/server.pem
database mdb
maxsize 67108864
dbnosync
suffix "{suffix}"
rootdn "{admin}"
rootpw {secret}
directory {home}/data
index entryUUID eq
index modifyTimestamp eq
limits dn.exact="{reader}" size.hard=10 size.soft=10 size.prtotal=10
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous auth
"""


@dataclass(frozen=True, slots=True)
class Slapd:
    """
    A running server.
    """

    plain: str
    """
    Its address without TLS; it can be asked for TLS there.
    """
    secure: str
    certificates: Path
    """
    The authority that vouches for it, which nobody else knows.
    """
    process: "subprocess.Popen[bytes]"

    @contextmanager
    def administrator(self) -> Iterator[Any]:
        """
        Be the administrator while the block runs.
        """
        link: Any = Connection(self.plain, ADMIN, SECRET, auto_bind=True, raise_exceptions=True)
        try:
            yield link
        finally:
            link.unbind()

    def clear(self) -> None:
        """
        Take everybody away, and leave an empty branch for people.
        """
        with self.administrator() as link:
            link.raise_exceptions = False
            link.search(SUFFIX, "(objectClass=*)")
            for name in sorted((each["dn"] for each in link.response), key=len, reverse=True):
                link.delete(name)
            link.raise_exceptions = True
            link.add(SUFFIX, ["dcObject", "organization"], {"o": "Example"})
            link.add(PEOPLE, "organizationalUnit")
            link.add(READER, ["organizationalRole", "simpleSecurityObject"], {"userPassword": SECRET})

    def hire(self, *people: str, **attributes: str | list[str]) -> None:
        """
        Add people by their uid.
        """
        with self.administrator() as link:
            for each in people:
                link.add(f"uid={each},{PEOPLE}", "inetOrgPerson", {"cn": each, "sn": each, **attributes})


def is_installed() -> bool:
    """
    Whether there is a server to run.
    """
    return os.access(_PROGRAM, os.X_OK)


@contextmanager
def running_slapd() -> Iterator[Slapd]:
    """
    Run the server while the block lasts.
    """
    with tempfile.TemporaryDirectory(prefix="slapd") as home:
        folder = Path(home)
        (folder / "data").mkdir()
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
        schemas = "\n".join(f"include /etc/ldap/schema/{each}.schema" for each in _SCHEMAS)
        config = _CONFIG.format(schemas=schemas, home=home, suffix=SUFFIX, admin=ADMIN, secret=SECRET, reader=READER)
        (folder / "slapd.conf").write_text(config)
        plain, secure = (f"{kind}://localhost:{_free_port()}" for kind in ("ldap", "ldaps"))
        command = [_PROGRAM, "-h", f"{plain} {secure}", "-f", str(folder / "slapd.conf"), "-d", "0"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - the server's own program
            try:
                server = Slapd(plain, secure, folder / "ca.pem", process)
                _wait(server)
                yield server
            finally:
                process.kill()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait(server: Slapd) -> None:
    limit = time.monotonic() + _PATIENCE
    port = int(server.plain.rpartition(":")[2])
    while True:
        try:
            with socket.create_connection(("localhost", port), 1):
                break
        except OSError:
            if time.monotonic() > limit or server.process.poll() is not None:
                raise
            time.sleep(0.05)
    with server.administrator() as link:
        link.search("", "(objectClass=*)", BASE)
