"""
Whose signed assertions are gone by: `[issuers.<name>]`.
"""

from typing import cast
from urllib.parse import urlsplit

from webex_connector.app.declared import ANY, Section
from webex_connector.app.table import Table
from webex_connector.gateway.assertions import PublicKey, UnusableKeys, keys_of
from webex_connector.gateway.trust import Issuer
from webex_connector.icf.configuration import Property, PropertyType

SECTION = Section(
    ("issuers", ANY),
    "Somebody whose signed assertions (JWT, RFC 7523) speak for clients, under the table's name.",
    (
        Property("issuer", "What stands in the assertions as `iss`. The table's name when not given."),
        Property(
            "keys",
            "Where its public keys are, a JSON Web Key Set: an `https` address, which is asked again when a key is "
            "new, or a file.",
            required=True,
        ),
        Property(
            "audience",
            "What may stand in the assertions as `aud`: what the issuer was told that this server is, as the address "
            "of its token endpoint.",
            PropertyType.LIST,
            required=True,
        ),
        Property(
            "at_doors",
            "Take what it signs at the doors themselves, too, as an access token; not at the token endpoint alone.",
            PropertyType.BOOLEAN,
            default=False,
        ),
    ),
)

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def read(top: Table) -> tuple[Issuer, ...]:
    """
    Return the issuers.
    """
    found: dict[str, Issuer] = {}
    for name, table in top.table("issuers").tables().items():
        values = table.values(SECTION.properties)
        if not values:
            continue
        issuer = str(values["issuer"] or name)
        same = next((each.name for each in found.values() if each.issuer == issuer), None)
        if same is not None:
            table.wrong("issuer", f"is {issuer}, as that of {same}; an issuer has one table")
        audience = frozenset(cast("tuple[str, ...]", values["audience"]))
        if not audience:
            table.wrong("audience", "must name something: without it, assertions meant for others would be taken")
        found[name] = Issuer(name, issuer, audience, _keys(table, str(values["keys"])), bool(values["at_doors"]))
    return tuple(found.values())


def _keys(table: Table, place: str) -> str | tuple[PublicKey, ...]:
    parts = urlsplit(place)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return place
    if parts.scheme == "http":
        table.wrong("keys", f"must be an https address: whoever stands between could put keys of his own at {place}")
        return ()
    file = table.folder / place
    try:
        return keys_of(file.read_bytes())
    except OSError as problem:
        table.wrong("keys", f"cannot be read: {file}: {problem.strerror}")
    except UnusableKeys as problem:
        table.wrong("keys", f"cannot be used: {file}: {problem}")
    return ()
