"""
What the organisation consists of.

A person is immutable and compact, so that a million of them fit into memory; a change puts a new record in its place.
"""

from enum import Enum

import msgspec

from webex_connector.sandbox.profile import GroupProfile, Profile


class Phone(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    A telephone number of a person.
    """

    type: str
    """`work` is written through People; `mobile`, `fax` and the others come by SCIM and are only read there."""
    value: str
    primary: bool = False


class Address(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """
    A postal address of a person.
    """

    type: str
    country: str | None = None
    locality: str | None = None
    region: str | None = None
    street_address: str | None = None
    postal_code: str | None = None


class Person(msgspec.Struct, frozen=True, gc=False):
    """
    Somebody in the organisation. Empty texts and tuples stand for what is absent on the wire.
    """

    uuid: str
    email: str
    display_name: str
    created: int
    """Milliseconds since 1970, as all times here."""
    last_modified: int
    first_name: str = ""
    last_name: str = ""
    nick_name: str = ""
    avatar: str = ""
    department: str = ""
    title: str = ""
    manager: str = ""
    manager_uuid: str = ""
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    extension: str = ""
    location_uuid: str = ""
    timezone: str = ""
    roles: tuple[str, ...] = ()
    """Keys of roles, such as `id_full_admin`."""
    licenses: tuple[str, ...] = ()
    """Keys of licences, in the order they were given."""
    attendee_sites: tuple[str, ...] = ()
    """Meeting sites where the person is an attendee; where it is a host follows from its licences."""
    status: str = "pending"
    """Presence, not the state of the account: `pending` until the first sign-in."""
    last_activity: int = 0
    """Zero for nobody ever seen."""
    invite_pending: bool = True
    login_enabled: bool = False
    more: Profile | None = None
    """What only SCIM shows; None for most."""

    @property
    def active(self) -> bool:
        """
        Whether the account is in use: somebody may sign in, or is still invited to.
        """
        return self.login_enabled or self.invite_pending


class Offer(Enum):
    """
    What a licence is a licence for; the rules speak of offers, never of names.
    """

    MESSAGING = "messaging"
    FREE_MESSAGING = "free messaging"
    MEETINGS = "meetings"
    FREE_MEETINGS = "free meetings"
    SCREEN_SHARE = "screen share"
    """Implicit: it comes with any other licence and cannot be taken away."""
    CALLING_PROFESSIONAL = "calling professional"
    CALLING_STANDARD = "calling standard"
    OTHER = "other"


CALLING = frozenset({Offer.CALLING_PROFESSIONAL, Offer.CALLING_STANDARD})
"""
The offers that come with an extension, a location and a work number.
"""


class License(msgspec.Struct, frozen=True):
    """
    A licence the organisation has.
    """

    key: str
    """Code, UUID and for meetings the site, as inside the outward identifier."""
    name: str
    offer: Offer
    total_units: int | None = None
    """None for a free licence: there are always as many as are used."""
    subscription: str = ""
    site_url: str = ""
    site_type: str = ""


class Role(msgspec.Struct, frozen=True):
    """
    An administrative role.
    """

    key: str
    name: str


FULL_ADMIN = "id_full_admin"
"""
The key of the role that no organisation may be left without.
"""

USER_ADMIN = "id_user_admin"
"""
The key of the role that may write people.
"""

READ_ONLY_ADMIN = "id_readonly_admin"
"""
The key of the role that may read everything.
"""

GROUP_ADMIN = "id_group_admin"
"""
The key of the role that may write groups.
"""


class Location(msgspec.Struct, frozen=True):
    """
    A place people work at.
    """

    uuid: str
    name: str
    address: Address
    timezone: str
    routing_prefix: str = ""
    """Stands before the extension in `work_extension` numbers; a location that has one has telephones."""
    second_line: str = ""
    """The second line of the street address."""
    preferred_language: str = "en_us"
    announcement_language: str = "en_us"
    latitude: str = ""
    longitude: str = ""
    notes: str = ""


class Group(msgspec.Struct):
    """
    A group of people. The members keep the order in which they joined.
    """

    uuid: str
    display_name: str
    created: int
    last_modified: int
    description: str = ""
    members: dict[str, None] = {}
    """UUIDs of people."""
    more: GroupProfile | None = None
    """What only SCIM shows; None for most."""


class Membership(msgspec.Struct, frozen=True):
    """
    Somebody's part in a team.
    """

    number: int
    """Counts the memberships of the team, so that pages of them have places."""
    created: int
    is_moderator: bool = False


class Team(msgspec.Struct):
    """
    A team of people, which only they see. The members keep the order in which they joined.
    """

    uuid: str
    number: int
    """Counts the teams of the organisation, so that pages of them have places."""
    name: str
    creator_uuid: str
    created: int
    description: str = ""
    members: dict[str, Membership] = {}
    """By the UUID of the person."""
    joined: int = 0
    """How many memberships there ever were."""


class Template(msgspec.Struct, frozen=True):
    """
    Licences that people are given without anybody asking.
    """

    licenses: tuple[str, ...]
    """Keys of licences."""
    group: str = ""
    """The UUID of the group whose new members are given them; empty for everybody new in the organisation."""


class Domain(msgspec.Struct, frozen=True):
    """
    A mail domain the organisation has asked for.
    """

    name: str
    token: str
    """What has to stand in the domain's DNS before it can be verified."""
    verified: bool = False
    claimed: bool = False


class Organization(msgspec.Struct, frozen=True):
    """
    The organisation itself.
    """

    uuid: str
    name: str
    created: int
    last_modified: int = 0
    """Zero for never."""
    preferred_language: str = ""
