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


class ScimErrors(Enum):
    """
    How the body of a SCIM refusal tells the reason.
    """

    CISCO = "cisco"
    """In a section of its own with tracking id, code and details, as bulk answers were seen to."""

    RFC = "rfc"
    """In `detail` (RFC 7644 section 3.12)."""


class ScimFilters(Enum):
    """
    What a SCIM filter for people may ask.
    """

    PUBLISHED = "published"
    """The attributes and operators of Cisco's table alone."""

    RFC = "rfc"
    """Any operator of RFC 7644, and `active`, `externalId` and the times as well."""


class BulkKey(Enum):
    """
    Under which name a bulk request may list its operations; Cisco writes it with a small letter, RFC 7644 does not.
    """

    EITHER = "either"
    LOWER = "operations"
    UPPER = "Operations"


class Quirks(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """
    The switches; the defaults are what was seen, or failing that the likelier.
    """

    put_status: Literal[200, 204] = 200
    """How `PUT /people/{id}` answers success: with the person or with nothing."""

    put_clears: bool = True
    """`PUT /people/{id}` clears every field that is left out; otherwise the picture alone, and the others stay."""

    error_details: bool = True
    """Refusals on `/v1` say in `errors` what is wrong; otherwise they have their general message alone."""

    refresh_rotates: bool = False
    """A refresh hands out a new refresh token and the old one dies."""

    refresh_revokes_access: bool = False
    """A refresh ends the access tokens handed out before for the same refresh token."""

    oauth_errors: OAuthErrors = OAuthErrors.OAUTH
    """How the token endpoint refuses."""

    identity_elsewhere: bool = False
    """
    SCIM and the identity broker are below `/elsewhere`, and at their places beside `/v1` is nothing: where Webex for
    Government has them is not published.
    """

    no_unit_status: Literal[206, 400, 200] = 206
    """
    How `PATCH /licenses/users` answers when no unit of a licence is left; with 200 more are given than were bought,
    there and on `/people`.
    """

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

    people_page_timeout: int = 0
    """A page of `/people` larger than this takes too long and is answered 504; zero for never."""

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

    search_lag: float = 0.0
    """Seconds until searches for people, on either road, see a change; reading by identifier sees it at once."""

    sip_address_delay: float = 5.0
    """Seconds from the creation of a person until SCIM shows its SIP address."""

    scim_page_cap: int = 500
    """A larger `count` in a SCIM search is silently reduced to this."""

    scim_errors: ScimErrors = ScimErrors.CISCO
    """How the body of a SCIM refusal tells the reason."""

    scim_filters: ScimFilters = ScimFilters.PUBLISHED
    """What a SCIM filter for people may ask."""

    scim_filter_nesting: bool = True
    """SCIM filters may have parentheses, and `and` beside `or`; otherwise they are refused."""

    scim_conflict_type: Literal["uniqueness", ""] = "uniqueness"
    """The `scimType` of the 409 for a user name that is taken; empty for none."""

    scim_patch_atomic: bool = True
    """A SCIM PATCH that fails changes nothing; otherwise the operations before the failing one stay."""

    scim_create_inactive: bool = True
    """A SCIM create with `active: false` makes an inactive user; otherwise the user is invited as any other."""

    scim_machine_writes: bool = True
    """A machine account with the scope may write by SCIM; otherwise 403, since it has no administrative role."""

    account_status_shown: bool = True
    """SCIM shows `accountStatus` of plain active users too; otherwise it is missing there."""

    bulk_key: BulkKey = BulkKey.EITHER
    """Under which name a bulk request may list its operations."""

    bulk_answer_key: Literal["Operations", "operations"] = "Operations"
    """Under which name a bulk answer lists the outcomes: that of Cisco's samples, or that which wxc-sdk reads."""

    bulk_existing_status: Literal[409, 200] = 409
    """How a bulk create of somebody who is there is answered; 200 comes with the location of the old account."""

    licenses_modify: bool = True
    """A change of licences is a change of the person, for `lastModified`."""

    membership_modifies: bool = False
    """Joining or leaving a group is a change of the person, for `lastModified`."""

    strict_members: bool = False
    """Adding a member twice is refused with 409, removing one who is none with 400; otherwise nothing happens."""

    most_members: int = 250_000
    """A change that would give a group more members than this is refused with 400 as a whole."""

    own_account_protected: bool = False
    """An administrator cannot delete the own account; otherwise it goes like any other."""

    unknown_holder_status: Literal[404, 400] = 404
    """How `PATCH /licenses/users` refuses a person who does not exist."""

    template_delay: float = 20.0
    """Seconds until a licence template is applied to somebody new, or to somebody who joined its group."""

    templates_subtract: bool = False
    """Joining a group takes away what templates of the person's other groups gave; otherwise licences only add up."""

    inactive_days: int = 30
    """After so many days of being inactive a person is deleted; zero for never."""

    address_hold_days: int = 0
    """For so many days the address of somebody deleted is refused with 409; seven with Directory Connector."""

    provision_source: Literal["", "AD", "AAD", "OKTA", "SCIM"] = ""
    """The directory that SCIM names as the source of everybody of whom no other is known; empty for none."""

    audit_newest_first: bool = True
    """Audit events are listed from the newest to the oldest; otherwise the other way round."""

    audit_refusals: bool = True
    """Writes that were refused stand among the audit events, with `errorCode`."""

    audit_plain_names: bool = True
    """Audit events say `USERS` and `PERSON`, not `EventCategory.USERS` and so on as the specification's sample does."""

    audit_plain_ids: bool = True
    """Actors and targets of audit events are base64 of a bare UUID; otherwise identifiers as everywhere else."""
