"""
What only SCIM shows of people and groups; most have none of it, and then none of it is stored.

Names and limits: https://developer.webex.com/docs/api/v1/scim-2-users and https://developer.webex.com/docs/api/v1/scim-2-groups.
"""

from typing import Any

import msgspec


class Entry(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """
    One value of a list that SCIM keeps with a type, such as an e-mail address or a picture.
    """

    value: str
    type: str = ""
    display: str = ""
    primary: bool = False


class Profile(msgspec.Struct, frozen=True, gc=False):
    """
    The further attributes of a person. Empty texts and tuples stand for what is absent on the wire.
    """

    external_id: str = ""
    user_type: str = "user"
    locale: str = ""
    preferred_language: str = ""
    profile_url: str = ""
    formatted_name: str = ""
    middle_name: str = ""
    honorific_prefix: str = ""
    honorific_suffix: str = ""
    employee_number: str = ""
    cost_center: str = ""
    organization: str = ""
    division: str = ""
    emails: tuple[Entry, ...] = ()
    """Addresses beside the one that is the user's name."""
    ims: tuple[Entry, ...] = ()
    photos: tuple[Entry, ...] = ()
    entitlements: tuple[Entry, ...] = ()
    certificates: tuple[Entry, ...] = ()
    account_status: tuple[str, ...] = ()
    """Only what was written; the usual states follow from the account itself."""
    webex: dict[str, Any] = {}
    """Everything else of the Cisco section, such as `extensionAttribute1`, as it was written."""


class GroupProfile(msgspec.Struct, frozen=True):
    """
    The further attributes of a group.
    """

    external_id: str = ""
    webex: dict[str, Any] = {}
    """The writable part of the Cisco section, such as `usage` and `owners`, as it was written."""


PLAIN = Profile()
"""
The profile of somebody of whom SCIM knows nothing special.
"""
