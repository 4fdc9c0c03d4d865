"""
The requests that make a person, and which of two ways takes fewer. Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from webex_connector.connector.control_hub.account_ways import Way, given_after
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, Values
from webex_connector.webex.resources.scim_bulk import MOST_OPERATIONS

ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Plan:
    """
    How a person is made: by which request first, and what follows it for each person.
    """

    first: Way
    then: tuple[Way, ...]
    """Each kind of request once; `MEMBER` stands for one for each group."""

    def cost(self, *, bulk: bool) -> Fraction:
        """
        Return how many requests that is. In bulk a hundred creations by SCIM are one. Memberships are left out: they
        cost the same by whichever request people are made.
        """
        first = Fraction(1, MOST_OPERATIONS) if bulk and self.first is Way.MAKE_USER else Fraction(1)
        return first + sum(way is not Way.MEMBER for way in self.then)


def carried(attributes: Attributes) -> dict[str, Values]:
    """
    Return what has to be asked for: somebody new is enabled without being asked.
    """
    return {name: values for name, values in attributes.items() if (name, values) != (names.ENABLE, (True,))}


def plan_by(first: Way, attributes: Collection[str]) -> Plan:
    """
    Return how a person with these attributes is made when this request is the first.
    """
    ways = (way for name in attributes for way in given_after(name, first, attributes))
    return Plan(first, tuple(dict.fromkeys(ways)))


def cheapest(attributes: Collection[str], *, people: bool, bulk: bool) -> Plan:
    """
    Return how a person with these attributes is made by the fewest requests, where SCIM may be used.

    `people` says whether the people API may make people. Of two equals it is taken: its answer shows the licences too.
    """
    by_user = plan_by(Way.MAKE_USER, attributes)
    if not people:
        return by_user
    by_people = plan_by(Way.MAKE, attributes)
    return by_user if by_user.cost(bulk=bulk) < by_people.cost(bulk=bulk) else by_people


def fits_bulk_creation(attributes: Collection[str], *, people: bool) -> bool:
    """
    Say whether somebody with these attributes is made in bulk: that takes the fewest requests, and nothing can be left
    out in silence. Bulk does not show the person, and Webex may leave out roles.
    """
    plan = cheapest(attributes, people=people, bulk=True)
    return plan.first is Way.MAKE_USER and ROLES not in attributes
