"""
What a classic site holds.
"""

import hashlib
from collections.abc import Mapping

import msgspec

from webex_connector.sandbox.meetings_site.fields import CENTERS, FIELDS


class SessionType(msgspec.Struct, frozen=True):
    """
    A kind of meeting that users may be allowed to host.
    """

    number: int
    prefix: str
    """The product: `PRO`, `STD`, `ONS` and so on."""
    name: str
    services: tuple[str, ...]
    """Such as `MeetingCenter`."""
    total: int | None = None
    """How many users may have it; None for any number."""
    active: bool = True


class TrackingCode(msgspec.Struct, frozen=True):
    """
    A field of the site's own choice.
    """

    index: int
    name: str
    values: tuple[str, ...] = ()


class PasswordRules(msgspec.Struct, frozen=True, rename="camel"):
    """
    The site's rules for passwords of accounts (`accountPasswordCriteria`, `securityOptions`).
    """

    mixed_case: bool = True
    min_length: int = 8
    min_numeric: int = 1
    min_alpha: int = 2
    min_special: int = 0
    disallow_repeated: bool = True
    """No character three times in a row."""
    disallow_own: bool = True
    """Neither the user's name, WebEx ID or address nor the site's name is in it."""
    disallowed: tuple[str, ...] = ("password", "webex")
    """Words that are not in it."""
    history: int = 3
    """So many former passwords, the present one among them, are refused."""
    lifetime_days: int = 0
    """After so many days a password has expired; zero for never."""


class SiteFacts(msgspec.Struct, frozen=True, rename="camel"):
    """
    What a site is and sells.
    """

    name: str
    """The first part of `{name}.webex.com`."""
    site_id: int
    partner_id: str
    brand: str
    time_zone_id: int = 21
    """That of registration dates."""
    host_limit: int = 1_000_000
    """How many active users may host."""
    features: tuple[str, ...] = ("teleConfCallIn", "teleConfCallOut", "teleConfTollFreeCallIn", "voiceOverIp")
    """The telephony that users may be allowed."""
    session_types: tuple[SessionType, ...] = ()
    default_session_types: tuple[int, ...] = ()
    """What a new user gets who is given none."""
    tracking_codes: tuple[TrackingCode, ...] = ()
    password_rules: PasswordRules = PasswordRules()
    api_version: str = "WebEx XML API V11.0.0"
    release: str = "V11.0.0 SP26"


class User(msgspec.Struct, frozen=True):
    """
    A user. What stands in `fields` is by path, such as `address/city`; what is not there has its default.
    """

    user_id: int
    registered: int
    """Milliseconds since 1970."""
    fields: Mapping[str, str]
    meeting_types: tuple[int, ...] = ()
    guid: str = ""
    digest: bytes = b""
    """Of the password; empty as long as it is the one the user was made up with."""
    password_set: int = 0
    """When that was, in milliseconds since 1970; zero for the registration."""
    history: tuple[bytes, ...] = ()
    """Digests of passwords, the newest first."""
    must_change: bool = False
    """The password must be changed at the next log-in."""
    was_reset: bool = False
    """The site mailed a password of its own choice."""
    locked: bool = False
    failures: int = 0
    """Wrong passwords in a row."""
    visits: int = 0

    def field(self, path: str) -> str:
        """
        Return a value, or its default.
        """
        return self.fields.get(path) or FIELDS[path].default

    def may(self, privilege: str) -> bool:
        """
        Tell whether a privilege is given.
        """
        return self.field(f"privilege/{privilege}") == "true"

    @property
    def web_ex_id(self) -> str:
        """
        The log-in name.
        """
        return self.fields["webExId"]

    @property
    def email(self) -> str:
        """
        The address.
        """
        return self.fields["email"]

    @property
    def is_active(self) -> bool:
        """
        Whether the account is activated.
        """
        return self.field("active") == "ACTIVATED"

    @property
    def is_host(self) -> bool:
        """
        Whether it takes one of the site's host licences.
        """
        return self.is_active and self.may("host")

    def has_password(self, text: str) -> bool:
        """
        Tell whether that is the password.
        """
        return digest_of(text) == self.digest if self.digest else text == first_password(self.user_id)


def digest_of(password: str) -> bytes:
    """
    Return what is kept of a password.
    """
    return hashlib.blake2b(password.encode(), digest_size=16).digest()


def first_password(user_id: int) -> str:
    """
    Return the password of a made-up user, for who wants to log in as one.
    """
    return f"Sandbox-{user_id}"


CENTER_OF = {f"{center[0].upper()}{center[1:]}": center for center in CENTERS}
"""
The flag of `supportedServices` for each service of a session type.
"""
