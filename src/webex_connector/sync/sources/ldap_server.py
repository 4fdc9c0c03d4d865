"""
Conversations with a directory, by way of ldap3. The certificate of the server is always checked.

The library waits, so all of this runs in a thread of its own. It is an extra, and takes a second to load, so it is
loaded when the first directory is asked.
"""

import ssl
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from webex_connector.base.secret import Secret
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.sources.ldap_values import next_range

PAGE: Final = 1000
"""
Entries of one page; Active Directory gives no more.
"""

_SUCCESS: Final = 0
_SECONDS: Final = 60
_PAGING: Final = "1.2.840.113556.1.4.319"
_MOST_BYTES: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class LdapServer:
    """
    Where a directory is, and as whom it is asked.
    """

    url: str
    """
    `ldaps://host[:port]`, `ldap://host[:port]` or `ldapi://socket`, the last with its slashes as `%2F`.
    """
    user: str | None = None
    password: Secret | None = None
    start_tls: bool = True
    """
    With `ldap://`: whether the line is made secret before anything is said (RFC 4511, section 4.14).
    """
    certificates: Path | None = None
    """
    Authorities to trust in place of this computer's.
    """


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One entry, its values as they came, by the names that the directory gives them.
    """

    name: str
    attributes: Mapping[str, Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Search:
    """
    What is looked for: everything below a base that a filter (RFC 4515) lets through, with some attributes.
    """

    base: str
    filter: str
    attributes: tuple[str, ...]
    ignore_referrals: bool = False
    """
    Whether it is no failure that a part of the tree is elsewhere.
    """


class Directory:
    """
    A conversation that has begun. Every method raises SourceFailed.
    """

    def __init__(self, source: str, link: Any, ldap: Any) -> None:
        self._source, self._link, self._ldap = source, link, ldap
        self._error = ldap.core.exceptions.LDAPException

    def entries(self, search: Search) -> Generator[Entry]:
        """
        Look for entries, page by page (RFC 2696). It ends by itself only when the directory has said that this was all.
        """
        cookie: bytes | None = None
        while True:
            controls = self._found(search, paged_size=PAGE, paged_criticality=True, paged_cookie=cookie)
            for each in self._link.response or ():
                if each["type"] == "searchResEntry":
                    yield Entry(each["dn"], self._whole(each["dn"], dict(each["raw_attributes"])))
                elif each["type"] == "searchResRef" and not search.ignore_referrals:
                    raise self._failed(
                        f"a part of it is elsewhere, {', '.join(each['uri'])}: give a base without that part, or "
                        "set ignore_referrals"
                    )
            cookie = controls.get(_PAGING, {}).get("value", {}).get("cookie")
            if not cookie:
                return

    def changed(self, search: Search, cookie: bytes) -> tuple[list[bytes], bytes]:
        """
        Return the GUIDs of what changed in an Active Directory since a cookie, and the cookie of now; without a cookie
        everything is new, and there are no GUIDs.

        Source: https://learn.microsoft.com/windows/win32/ad/polling-for-changes-using-the-dirsync-control
        """
        found: list[bytes] = []
        try:
            walk = self._link.extend.microsoft.dir_sync(
                search.base,
                search.filter,
                # It tells of changes of the attributes that are named, and of no others.
                attributes=list(dict.fromkeys(("objectGUID", *search.attributes))),
                cookie=cookie,
                object_security=True,
                incremental_values=True,
                max_length=_MOST_BYTES,
                hex_guid=False,
            )
            while walk.more_results:
                for each in walk.loop() or ():
                    if cookie and each["type"] == "searchResEntry":
                        found += each["raw_attributes"].get("objectGUID", [])
        except self._error as problem:
            raise self._failed(f"it does not say what changed: {problem}") from problem
        return found, walk.cookie

    def _found(self, search: Search, **more: Any) -> Mapping[str, Any]:
        try:
            self._link.search(
                search.base,
                search.filter,
                self._ldap.SUBTREE,
                dereference_aliases=self._ldap.DEREF_NEVER,
                attributes=list(search.attributes),
                **more,
            )
        except self._ldap.core.exceptions.LDAPInvalidFilterError as problem:
            raise self._failed(f"the filter {search.filter} cannot be read: {problem}") from problem
        except self._error as problem:
            raise self._failed(f"it did not answer to the end: {problem}") from problem
        return self._checked()

    def _checked(self) -> Mapping[str, Any]:
        result: Mapping[str, Any] = self._link.result
        if result["result"] != _SUCCESS:
            told = " ".join(filter(None, (result["description"], result.get("message"))))
            where = ", ".join(result.get("referrals") or ())
            raise self._failed(f"it says: {told}{f' ({where})' if where else ''}")
        controls: Mapping[str, Any] = result.get("controls") or {}
        return controls

    def _whole(self, name: str, attributes: dict[str, list[bytes]]) -> Mapping[str, Sequence[bytes]]:
        while parts := next_range(attributes):
            for attribute, (given, start) in parts.items():
                try:
                    wanted = [f"{attribute};range={start}-*"]
                    self._link.search(name, "(objectClass=*)", self._ldap.BASE, attributes=wanted)
                except self._error as problem:
                    raise self._failed(f"it did not give all of {attribute} of {name}: {problem}") from problem
                self._checked()
                before = [*attributes.pop(attribute, ()), *attributes.pop(given)]
                for each in self._link.response or ():
                    attributes |= each.get("raw_attributes", {})
                last = [key for key in attributes if key.lower().startswith(f"{attribute.lower()};range=")]
                if not last:
                    raise self._failed(f"it did not give all of {attribute} of {name}")
                attributes[last[0]] = [*before, *attributes[last[0]]]
        return {key.partition(";range=")[0]: values for key, values in attributes.items()}

    def _failed(self, reason: str) -> SourceFailed:
        return SourceFailed(self._source, reason)


@contextmanager
def directory(source: str, server: LdapServer) -> Iterator[Directory]:
    """
    Speak with a directory while the block runs. Raises SourceFailed when it does not let us in.
    """
    try:
        ldap = import_module("ldap3")
    except ModuleNotFoundError:
        raise SourceFailed(source, "directories need more: pip install 'webex-connector[ldap]'") from None
    error = ldap.core.exceptions.LDAPException
    try:
        link = _connection(ldap, server)
    except (error, OSError) as problem:
        raise SourceFailed(source, f"{server.url} cannot be used: {problem}") from problem
    try:
        try:
            _let_in(source, link, server)
        except error as problem:
            raise SourceFailed(source, f"{server.url} was not reached: {problem}") from problem
        yield Directory(source, link, ldap)
    finally:
        # Whoever has hung up cannot be told good-bye; and the library keeps a socket that found nobody.
        with suppress(error, OSError):
            link.unbind()
        if link.socket is not None:
            link.socket.close()


def escaped(value: str | bytes) -> str:
    """
    Return a value as it stands in a filter, every byte of it (RFC 4515, section 3).
    """
    raw = value if isinstance(value, bytes) else value.encode()
    return "".join(f"\\{each:02x}" for each in raw)


def _connection(ldap: Any, server: LdapServer) -> Any:
    address = urlsplit(server.url)
    is_local = address.scheme == "ldapi"
    tls = ldap.Tls(validate=ssl.CERT_REQUIRED)
    # Its own way compares names by a function that Python 3.12 has no more.
    tls.wrap_socket = partial(_wrap, ssl.create_default_context(cafile=server.certificates), address.hostname or "")
    there = ldap.Server(
        f"ldapi://{unquote(address.netloc)}" if is_local else address.hostname,
        port=address.port,
        use_ssl=address.scheme == "ldaps",
        tls=None if is_local else tls,
        get_info=ldap.NONE,
        connect_timeout=_SECONDS,
    )
    return ldap.Connection(
        there,
        user=server.user,
        password=None if server.password is None else server.password.reveal(),
        read_only=True,
        check_names=False,
        auto_referrals=False,
        auto_range=False,
        receive_timeout=_SECONDS,
    )


def _wrap(context: ssl.SSLContext, host: str, link: Any, do_handshake: bool = False) -> None:  # noqa: FBT001, FBT002 - as the library calls it
    link.socket = context.wrap_socket(link.socket, server_hostname=host, do_handshake_on_connect=do_handshake)


def _let_in(source: str, link: Any, server: LdapServer) -> None:
    link.open()
    if server.url.startswith("ldap://") and server.start_tls and not link.start_tls():
        raise SourceFailed(source, f"{server.url} cannot keep a secret: {link.result['description']}")
    if not link.bind():
        raise SourceFailed(source, f"{server.url} does not let us in: {link.result['description']}")
