"""
A directory as a source: `[sources.<name>]` with `type = "ldap"`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import cast
from urllib.parse import urlsplit

from webex_connector.app.sync_sections.around import Around
from webex_connector.app.table import Table
from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import Property, PropertyType, Setting
from webex_connector.sync.sources.ldap import DIR_SYNC, LdapEntries, LdapSource, MarkedLdapSource
from webex_connector.sync.sources.ldap_server import LdapServer
from webex_connector.sync.sources.source import Source

NAME = "ldap"

PROPERTIES: tuple[Property, ...] = (
    Property("url", "`ldaps://host`, `ldap://host` or `ldapi://` with a socket.", required=True),
    Property("user", "As whom it is asked: a distinguished name; Active Directory also takes `name@domain`."),
    Property("password", "That one's password.", secret=True),
    Property(
        "start_tls",
        "With `ldap://`, whether the line is made secret before anything is said.",
        PropertyType.BOOLEAN,
        default=True,
    ),
    Property(
        "certificates",
        "A PEM file of the authorities to trust in place of this computer's. The server's certificate is always "
        "checked.",
    ),
    Property("base", "The entry below which is looked.", required=True),
    Property("filter", "Which entries are records (RFC 4515).", default="(objectClass=person)"),
    Property(
        "key",
        "The attribute whose value never changes for one person, such as entryUUID or objectGUID.",
        required=True,
    ),
    Property("attributes", "The attributes to ask for.", PropertyType.LIST, required=True),
    Property("many", "Attributes with several values.", PropertyType.LIST),
    Property(
        "ignore_referrals", "Whether it is no failure that a part is elsewhere.", PropertyType.BOOLEAN, default=False
    ),
    Property(
        "changed",
        "By what is followed: an attribute that grows with each change, such as modifyTimestamp or uSNChanged, or "
        f"`{DIR_SYNC}` for the control of Active Directory. Without it everything is read and compared.",
    ),
)

_SCHEMES = frozenset({"ldap", "ldaps", "ldapi"})


def read(table: Table, around: Around) -> Callable[[str], Source] | None:
    """
    Return how the source is opened; None, with everything noted, when something is wrong.
    """
    values = table.values(PROPERTIES)
    if not values or not _fits(table, values):
        return None
    given = values["certificates"]
    server = LdapServer(
        str(values["url"]),
        cast("str | None", values["user"]),
        cast("Secret | None", values["password"]),
        bool(values["start_tls"]),
        None if given is None else table.folder / str(given),
    )
    entries = LdapEntries(
        str(values["base"]),
        str(values["key"]),
        cast("tuple[str, ...]", values["attributes"]),
        str(values["filter"]),
        frozenset(cast("tuple[str, ...] | None", values["many"]) or ()),
        bool(values["ignore_referrals"]),
    )
    changed = cast("str | None", values["changed"])
    return partial(_opened, server=server, entries=entries, changed=changed, inline=around.inline)


def _fits(table: Table, values: Mapping[str, Setting]) -> bool:
    url, wrong = urlsplit(str(values["url"])), False
    if url.scheme not in _SCHEMES or not url.netloc:
        table.wrong("url", "is like ldaps://directory.example.com")
        wrong = True
    if (values["user"] is None) != (values["password"] is None):
        table.wrong("password", "goes with a user, and a user with a password")
        wrong = True
    if not str(values["filter"]).startswith("("):
        table.wrong("filter", "begins with a bracket, as (objectClass=person) does")
        wrong = True
    return not wrong


def _opened(name: str, *, server: LdapServer, entries: LdapEntries, changed: str | None, inline: bool) -> Source:
    if changed is None:
        return LdapSource(name, server, entries, inline=inline)
    return MarkedLdapSource(name, server, entries, changed=changed, inline=inline)
