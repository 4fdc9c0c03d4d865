"""
What answers show is worked out once for each way of asking.
"""

from fakes.scim_tables import resource, schema
from webex_connector.gateway.scim.asked import Asked
from webex_connector.gateway.scim.rendering import Setting
from webex_connector.gateway.scim.shown import MOST_KEPT, Narrowing, Shown
from webex_connector.icf import names

USER = resource("User")
INFO = schema().object_class(names.ACCOUNT)


def test_who_asks_alike_gets_the_same() -> None:
    """
    And nobody gets what another asked for, be it shown, hidden or looked for.
    """
    narrowing = Narrowing(USER, INFO)
    asked = (Asked(), Asked(attributes="title"), Asked(excluded_attributes="title"))
    found = [*(narrowing.to(each) for each in asked), narrowing.to(Asked(), frozenset({"externalId"}))]
    assert len(set(map(id, found))) == len(found)
    assert [narrowing.to(each) for each in asked] == found[:3]
    assert [each.whole for each in found] == [True, False, False, True]
    assert [set(each.sources) for each in found[:2]] == [{*found[0].sources}, {names.UID, "title"}]


def test_clients_with_endless_ideas_fill_no_memory() -> None:
    """
    What was asked for first is forgotten, and worked out anew when it is asked for again.
    """
    narrowing = Narrowing(USER, INFO)
    first = narrowing.to(Asked(attributes="x0"))
    for number in range(1, MOST_KEPT + 1):
        narrowing.to(Asked(attributes=f"x{number}"))
    assert narrowing.to(Asked(attributes="x0")) is not first
    assert narrowing.to(Asked(attributes=f"x{MOST_KEPT}")) is narrowing.to(Asked(attributes=f"x{MOST_KEPT}"))


def test_another_address_of_the_door_is_another_view() -> None:
    """
    Locations begin with the address that the client used; so do new names of licences count at once.
    """
    shown = Shown(USER, INFO, whole=True)
    here, there = Setting("https://here/v2"), Setting("https://there/v2")
    view = shown.view(here)
    assert shown.view(Setting("https://here/v2")) is view
    assert shown.view(there).location("P1") == "https://there/v2/Users/P1"
    assert shown.view(here).location("P1") == "https://here/v2/Users/P1"
    named = Setting("https://here/v2", names={"licenses": {"L1": "Meetings"}})
    renamed = Setting("https://here/v2", names={"licenses": {"L1": "Webex Meetings"}})
    assert shown.view(named) is not shown.view(renamed)


def test_names_are_needed_where_they_are_shown() -> None:
    """
    Of licences and roles, whose names nobody can tell by the object that holds them.
    """
    narrowing = Narrowing(USER, INFO)
    assert set(narrowing.to(Asked()).granted) == {("licenses", "LICENSES"), ("roles", "ROLES")}
    assert narrowing.to(Asked(attributes="entitlements.value,userName")).granted == ()
