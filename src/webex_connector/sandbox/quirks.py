"""
Habits of Webex that are unconfirmed or vary: each is a switch, so that a client can be tried with both.
"""

from enum import Enum
from typing import Literal

import msgspec


class CursorShape(Enum):
    """
    How the next link of `/people` names the place to go on from; both were published.
    """

    AFTER = "after"
    """`before&after=<base64>`, as in Cisco's documentation of pagination."""

    CURSOR = "cursor"
    """`cursor=<base64>`, as seen in answers."""


class NextLink(Enum):
    """
    Whether next links carry one of the two faults that Webex once had.
    """

    SOUND = "sound"
    """They can be followed as they are."""

    MAX_NULL = "max-null"
    """`max=null` stands in them (WebexCommunity/WebexPythonSDK issue 168)."""

    FILTERS_LOST = "filters-lost"
    """Only the cursor and `max` stand in them (WebexCommunity/WebexPythonSDK issue 169)."""


class RetryAfter(Enum):
    """
    How a 429 says when to come back.
    """

    SECONDS = "seconds"
    HTTP_DATE = "http-date"
    ABSENT = "absent"


class OAuthErrors(Enum):
    """
    How the token endpoint refuses.
    """

    OAUTH = "oauth"
    """`error` and `error_description` (RFC 6749 section 5.2)."""

    WEBEX = "webex"
    """The body of every other refusal."""


class Quirks(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """
    The switches; the defaults are what was seen, or failing that the likelier.
    """

    put_status: Literal[200, 204] = 200
    """How `PUT /people/{id}` answers success: with the person or with nothing."""

    refresh_rotates: bool = False
    """A refresh hands out a new refresh token and the old one dies."""

    refresh_revokes_access: bool = False
    """A refresh ends the access tokens handed out before for the same refresh token."""

    oauth_errors: OAuthErrors = OAuthErrors.OAUTH
    """How the token endpoint refuses."""

    no_unit_status: Literal[206, 400] = 206
    """How `PATCH /licenses/users` answers when no unit of a licence is left."""

    duplicate_groups: bool = True
    """Two groups may have the same display name; otherwise 409."""

    last_admin_protected: bool = True
    """The last full administrator cannot be deleted, disabled or stripped of the role; otherwise 400."""

    location_excludes_phone_numbers: bool = True
    """A person written with both `locationId` and `phoneNumbers` is refused, as the OpenICF documentation says."""

    bad_phone_number_creates: bool = True
    """A create with an impossible phone number answers 400 and has created the person, without its calling fields."""

    companion_licenses: bool = True
    """Paid messaging and meetings bring the free licences they need, and every licence brings screen share."""

    account_types_upper_case: bool = False
    """
    The sites in the answer of `PATCH /licenses/users` say `ATTENDEE` and `HOST`, as the model of wxc-sdk has it; the
    specification has them in lower case.
    """

    people_cursor: CursorShape = CursorShape.AFTER
    """How the next link of `/people` looks."""

    next_link: NextLink = NextLink.SOUND
    """Whether next links are broken in a known way."""

    people_page_cap: int = 1000
    """A larger `max` on `/people` is silently reduced to this."""

    groups_page_cap: int = 500
    """A larger `count` on `/groups` is silently reduced to this."""

    short_pages: tuple[int, ...] = ()
    """How many items the first, second, … page of a listing with links holds at most; later pages are full."""

    display_name_minimum: int = 1
    """A shorter search text on `/people?displayName=` is refused with 400."""

    retry_after: RetryAfter = RetryAfter.SECONDS
    """How a 429 says when to come back."""

    tracking_id_twice: bool = False
    """The caller's tracking id comes back twice, joined by a comma."""
