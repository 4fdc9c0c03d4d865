"""
`attributes` and `excludedAttributes`.
"""

import pytest

from fakes.scim_tables import resource
from webex_connector.gateway.scim.asked import Asked
from webex_connector.gateway.scim.errors import Problem
from webex_connector.gateway.scim.mapping import Resource
from webex_connector.gateway.scim.projection import projection_of
from webex_connector.gateway.scim.rendering import sources_of
from webex_connector.gateway.scim.users import ENTERPRISE_URN
from webex_connector.icf import names

USER, GROUP = resource("User"), resource("Group")


def _shown(kind: Resource, attributes: str | None = None, excluded: str | None = None) -> set[str]:
    narrowed = projection_of(kind, Asked(attributes=attributes, excluded_attributes=excluded)).resource
    return {
        f"{row.name}.{part.name}" if row.parts else row.name for _, row in narrowed.rows for part in row.parts or (row,)
    }


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ("userName", {"id", "userName"}),
        ("USERNAME , title", {"id", "userName", "title"}),
        ("name.givenName", {"id", "name.givenName"}),
        ("name", {"id", "name.formatted", "name.familyName", "name.givenName"}),
        ("name.givenName,name", {"id", "name.formatted", "name.familyName", "name.givenName"}),
        (f"{ENTERPRISE_URN}:department", {"id", "department"}),
        ("department", {"id", "department"}),
        ("meta.version", {"id", "meta.version"}),
        ("locale", {"id", "locale"}),
        ("nothing", {"id"}),
    ],
)
def test_only_what_is_named_is_shown(attributes: str, shown: set[str]) -> None:
    """
    And the identifier, always; what is returned on request alone is shown then.
    """
    assert _shown(USER, attributes) == shown


def test_a_whole_extension_may_be_named() -> None:
    """
    By its URN.
    """
    assert {"department", "costCenter", "manager.value"} <= _shown(USER, ENTERPRISE_URN)
    assert "userName" not in _shown(USER, ENTERPRISE_URN)


def test_what_is_excluded_is_not_shown() -> None:
    """
    Everything else is that is shown by default, the identifier whatever is said.
    """
    everything = _shown(USER)
    assert everything - _shown(USER, excluded="title,NAME.formatted,id") == {"title", "name.formatted"}
    assert "locale" not in everything
    assert "members" not in sources_of(projection_of(GROUP, Asked(excluded_attributes="members")).resource)


def test_what_is_looked_for_is_shown() -> None:
    """
    Entra looks for users by an external id and compares it then.
    """
    narrowed = projection_of(USER, Asked(), frozenset({"externalId", names.UID})).resource
    assert "externalId" in {row.name for _, row in narrowed.rows}


def test_a_part_is_not_the_whole() -> None:
    """
    Only the whole has a version.
    """
    parts = (Asked(attributes="title"), Asked(excluded_attributes="title"))
    assert [projection_of(USER, each).whole for each in (Asked(), *parts)] == [True, False, False]


def test_both_lists_are_refused() -> None:
    """
    They exclude each other (RFC 7644, section 3.4.2.5).
    """
    with pytest.raises(Problem, match="attributes and excludedAttributes exclude each other"):
        projection_of(USER, Asked(attributes="id", excluded_attributes="id"))
