"""
Whom an administrator's alerts are told to: `[alerts]` and `[alerts.mail]`.
"""

import ipaddress
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from webex_connector.app.declared import Section
from webex_connector.app.references import is_reference, resolved
from webex_connector.app.settings import AlertSettings, MailSecurity, MailSettings
from webex_connector.app.table import Table
from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import Property, PropertyType

_MAIL = Section(
    ("alerts", "mail"),
    "The mail server that takes alerts to people.",
    (
        Property("host", "The mail server.", required=True),
        Property("port", "Its port. When not given: 465 with `tls`, else 587.", PropertyType.INTEGER),
        Property(
            "security",
            "`starttls` or `tls`, both with a certificate that is checked; `none` for a server on this computer.",
            default=MailSecurity.STARTTLS.value,
        ),
        Property("user", "Who logs in there, if anybody has to."),
        Property("password", "What they log in with.", secret=True),
        Property("from", "The sender's address.", required=True),
        Property("to", "The addresses that alerts go to.", PropertyType.LIST, required=True),
    ),
)

SECTION = Section(
    ("alerts",),
    "Whom alerts are told to: a client that the guard stopped, a plan that a gate stopped, a run that failed, items "
    "that nobody tries any more, a token that ends or that Webex refuses, a mirror that stays behind. The log always "
    "has them, at the level of errors.",
    (
        Property("webhook", "The address that each alert is posted to as JSON."),
        Property(
            "webhook_secret",
            "What the posts are signed with: HMAC-SHA256 of timestamp, full stop and body.",
            secret=True,
        ),
        Property(
            "quiet_minutes",
            "For how long nothing more is told of the same kind at the same system, mapping or client.",
            PropertyType.NUMBER,
            60.0,
        ),
        Property(
            "check_minutes",
            "Minutes between two looks of a running server at each system: whether Webex lets it in, which costs a "
            "request, and whether its mirror is up to date. 0 for none.",
            PropertyType.NUMBER,
            5.0,
        ),
    ),
    below=(_MAIL,),
)


def read(top: Table) -> AlertSettings:
    """
    Return whom alerts are told to.
    """
    table = top.table("alerts")
    values = table.without("mail").values(SECTION.properties)
    mail = _mail(table.table("mail"))
    if not values:
        return AlertSettings(mail=mail)
    webhook, secret = _address(table, values["webhook"]), cast("Secret | None", values["webhook_secret"])
    if secret is not None and values["webhook"] is None:
        table.wrong("webhook_secret", "needs webhook too")
    minutes = cast("float", values["quiet_minutes"])
    if minutes <= 0:
        table.wrong("quiet_minutes", "must be more than zero")
    every = cast("float", values["check_minutes"])
    if every < 0:
        table.wrong("check_minutes", "must be zero or more")
    return AlertSettings(webhook, secret, mail, timedelta(minutes=minutes), timedelta(minutes=every))


def _address(table: Table, given: object) -> Secret | None:
    if given is None:
        return None
    try:
        text = str(given)
        found = resolved(text, table.environment, table.folder) if is_reference(text) else Secret(text)
    except ValueError as problem:
        table.wrong("webhook", str(problem))
        return None
    if not _is_safe(found.reveal()):
        table.wrong("webhook", "must begin with https://; http:// is for this computer alone")
    return found


def _mail(table: Table) -> MailSettings | None:
    values = table.values(_MAIL.properties) if table.is_there else {}
    if not values:
        return None
    host, sender, to = str(values["host"]), str(values["from"]), cast("tuple[str, ...]", values["to"])
    try:
        security = MailSecurity(str(values["security"]))
    except ValueError:
        table.wrong("security", f"must be one of: {', '.join(each.value for each in MailSecurity)}")
        return None
    if security is MailSecurity.NONE and not _is_here(host):
        table.wrong("security", "none is for a server on this computer: what alerts say would travel in plain text")
    for name, addresses in (("from", (sender,)), ("to", to)):
        if not addresses or any("@" not in each or len(each.split()) != 1 for each in addresses):
            table.wrong(name, "must be mail addresses, as ops@example.com")
    user, password = values["user"], cast("Secret | None", values["password"])
    if (user is None) != (password is None):
        table.wrong("user" if user is None else "password", "is missing: user and password go together")
    for name, said in (("user", str(user or "")), ("password", "" if password is None else password.reveal())):
        if not said.isascii():
            table.wrong(name, "must be ASCII: mail servers know no other log-in")
    port = cast("int | None", values["port"]) or (465 if security is MailSecurity.TLS else 587)
    return MailSettings(host, port, security, None if user is None else str(user), password, sender, tuple(to))


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
