"""
Habits of classic sites that are unconfirmed or vary: each is a switch, so that a client can be tried with both.
"""

import msgspec

USER_WRITES = ("user.CreateUser", "user.SetUser", "user.DelUser")
"""
The operations that change users.
"""

RETIRED = ("site.GetSite", "site.LstTimeZone", "meetingtype.LstMeetingType", "meetingtype.GetMeetingType")
"""
What may have gone with the meeting-related API on 31 March 2024
(https://developer.webex.com/docs/webex-xml-api-deprecation-announcement).
"""


class SiteQuirks(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """
    The switches; the defaults are what was seen, or failing that the likelier.
    """

    control_hub_managed: bool = False
    """
    The site belongs to an organisation of Control Hub: WebEx IDs are e-mail addresses, names, addresses and passwords
    are not changed here, deleting takes the licences, and the listing names `objectGUID`.
    """

    managed_fields_ignored: bool = False
    """Where Control Hub manages the site, what cannot be set is left as it is in silence; otherwise `managed_code`."""

    single_sign_on: bool = False
    """No user has a password here: it is refused with 200005, and a ticket is had for an access token."""

    retired: tuple[str, ...] = ()
    """Operations that are gone, such as `site.GetSite`; they are refused with `invalid_code`."""

    tickets: bool = True
    """AuthenticateUser hands out session tickets; otherwise it is refused with 030048."""

    ticket_seconds: int = 5400
    """How long a session ticket is good for."""

    password_only: tuple[str, ...] = ()
    """Operations that take no session ticket: 030104."""

    lock_after: int = 5
    """An account is locked by so many wrong passwords in a row; zero for never."""

    admins_set_passwords: bool = True
    """Administrators may set a user's password; otherwise 030056, and only a reset is left."""

    reset_needs_force: bool = True
    """`resetPassword` without `forceChangePassword` is refused with 030053; otherwise it only must not be false."""

    empty_clears: bool = True
    """An empty element of SetUser clears the field; otherwise it leaves it as it is."""

    partial_filters: bool = False
    """The filters of the listing find parts of values; otherwise whole values. Neither minds the case."""

    list_cap: int = 500
    """The largest page of a listing, whatever `maximumNum` asks for."""

    delete_cap: int = 50
    """How many users one DelUser may name."""

    user_id_returned: bool = True
    """CreateUser answers with the new user's number; otherwise with nothing."""

    country_as_code: bool = True
    """The country of an address is read as its calling code."""

    phones_padded: bool = True
    """Telephone numbers are read with commas for what is missing, an empty one as nothing but commas."""

    rate_block: float = 60.0
    """For so many seconds who went over the limit is refused with 000045, as Cisco's release notes say."""

    backup: bool = False
    """Answers come from the servers that stand in during maintenance: `gsbStatus` is BACKUP."""

    unknown_elements_refused: bool = True
    """An element that no schema has is refused with `invalid_code`; otherwise it is passed over."""

    wrong_site_code: str = "000002"
    """How a wrong site name, Site ID or Partner ID is refused; the real code is not published, this one invented."""

    invalid_code: str = "000019"
    """How values that are too long or of the wrong kind are refused; likewise invented."""

    managed_code: str = "030075"
    """How a site that Control Hub manages refuses what cannot be set there; likewise invented."""

    weak_password_code: str = "030033"  # noqa: S105 - a code of refusals
    """How a password is refused that is long enough and still too simple; likewise invented."""
