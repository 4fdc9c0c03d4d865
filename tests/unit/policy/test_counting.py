"""
Units of licences are counted before anybody is made.
"""

from datetime import UTC, datetime

from fakes.policies import holding
from webex_connector.connector.control_hub.account import account_info
from webex_connector.expressions.compiling import Expressions
from webex_connector.icf.objects import ConnectorObject
from webex_connector.policy.counting import Person, Shortage, units_for
from webex_connector.policy.judging import Rules, shape_of
from webex_connector.policy.provisioning import Policy

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def _license(uid: str, name: str, total: int, used: int, subscription: str = "Sub") -> ConnectorObject:
    paid = {"subscriptionId": (subscription,)} if subscription else {}
    return ConnectorObject("LICENSES", uid, name, {"totalUnits": (total,), "consumedUnits": (used,), **paid})


LICENSES = [
    _license("c1", "Webex Calling", 10, 9),
    _license("c2", "Webex Calling", 10, 7),
    _license("m", "Messaging", 10, 10),
    _license("f", "Free", 5, 5, ""),
]
POLICIES = (
    Policy("desk", holding('source["title"]'), licenses=("webex calling", "Fax"), follow=True),
    Policy("all", licenses=("Messaging", "Free")),
)


async def test_what_is_missing_is_told_by_name_and_number() -> None:
    """
    Seven people want what three are left of: four short. What is free is never short; who holds it needs no unit; what
    does not follow is counted for new people alone.
    """
    rules = await Rules.of(POLICIES, shape_of(account_info()), Expressions())
    new = [Person(f"n{number}", {"title": ("x",)}) for number in range(4)]
    old = [Person(f"o{number}", {"title": ("x",)}, is_new=False) for number in range(3)]
    holder = Person("h", {"title": ("x",)}, is_new=False, held=frozenset({"c2"}))
    nobody = Person("z", {}, is_new=False)

    found = await units_for(rules, [*new, *old, holder, nobody], LICENSES, NOW)

    assert {"c2": 7, "m": 4, "f": 4} == found.wanted
    assert (Shortage("c2", "Webex Calling", 4), Shortage("m", "Messaging", 4)) == found.short
    assert "4 Webex Calling short" == str(found.short[0])
    assert ("Fax",) == found.unknown


async def test_what_control_hub_gives_is_not_counted() -> None:
    """
    It comes by itself.
    """
    rules = await Rules.of(POLICIES, shape_of(account_info()), Expressions())

    found = await units_for(rules, [Person("n", {})], LICENSES, NOW, by_template=("Messaging",))

    assert ({"f": 1}, ()) == (found.wanted, found.short)
