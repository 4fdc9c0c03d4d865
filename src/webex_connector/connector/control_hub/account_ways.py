"""
Which request reads, makes and changes which attribute of a person, by either road. Pure.

The connector decides by these facts, and the page of attributes is made from them. Sources:
https://developer.webex.com/docs/api/v1/people, https://developer.webex.com/docs/api/v1/scim-2-users,
https://developer.webex.com/docs/api/v1/licenses, https://developer.webex.com/docs/api/v1/groups.
"""

from collections.abc import Collection
from enum import Enum

from webex_connector.connector.control_hub.account_update import LICENSES
from webex_connector.connector.control_hub.person import GROUPS, WRITABLE_FIELDS
from webex_connector.connector.control_hub.scim_user import CAPABLE, ONLY_HERE
from webex_connector.connector.properties import Road
from webex_connector.icf import names

ALONE = frozenset(each.name for each in ONLY_HERE)
"""
The attributes that only SCIM has.
"""

_BY_PEOPLE = frozenset(WRITABLE_FIELDS)
_PHONES = "phoneNumbers"


class Way(Enum):
    """
    A request, as it is counted.
    """

    MAKE = "POST /people"
    MAKE_USER = "POST /Users"
    READ = "GET /people/{id}"
    READ_USER = "GET /Users/{id}"
    WALK = "GET /groups"
    """For each page of groups and of their members."""

    REPLACE = "PUT /people/{id}"
    PATCH_USER = "PATCH /Users/{id}"
    LICENSE = "PATCH /licenses/users"
    MEMBER = "PATCH /groups/{id}"
    """For each group; in bulk for 500 people of a group."""


def read_by(attribute: str) -> Way:
    """
    Return what shows an attribute, on both roads.
    """
    if attribute == GROUPS:
        return Way.WALK
    return Way.READ_USER if attribute in ALONE else Way.READ


def changed_by(attribute: str, road: Road) -> tuple[Way, ...]:
    """
    Return the requests that change an attribute; none where the road cannot. What there are several of is added to
    or taken from, in a run where nobody waits to see the person.
    """
    if attribute == GROUPS:
        return (Way.READ, Way.MEMBER)
    if attribute == LICENSES:
        return (Way.LICENSE,)
    if road is Road.SCIM and attribute in CAPABLE:
        return (Way.PATCH_USER,)
    return (Way.READ, Way.REPLACE) if attribute in _BY_PEOPLE or attribute == names.ENABLE else ()


def needs_scim(attribute: str) -> bool:
    """
    Say whether nobody but SCIM gives an attribute to somebody new: what only SCIM has, and to be disabled.
    """
    return attribute in ALONE or attribute == names.ENABLE


def given_after(attribute: str, first: Way, together: Collection[str]) -> tuple[Way, ...]:
    """
    Return the requests that give an attribute to somebody whom `first` makes; none when it rides along.

    A number rides along with `POST /people` only beside a licence for calling, and is left out in silence otherwise.
    """
    if attribute == GROUPS:
        return (Way.MEMBER,)
    if first is Way.MAKE:
        silent = attribute == _PHONES and LICENSES not in together
        return (Way.PATCH_USER,) if silent or attribute not in _BY_PEOPLE else ()
    if attribute in CAPABLE:
        return ()
    return (Way.LICENSE,) if attribute == LICENSES else (Way.READ, Way.REPLACE)
