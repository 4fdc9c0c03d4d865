"""
What the door says of itself.
"""

import pytest

from fakes.hub import running_hub
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.dialects import Dialect
from webex_connector.gateway.scim.discovery import config_of, one_of, resource_types_of, schemas_of
from webex_connector.gateway.scim.errors import Problem
from webex_connector.gateway.scim.groups import GROUP_URN
from webex_connector.gateway.scim.manner import Manner
from webex_connector.gateway.scim.systems import System
from webex_connector.gateway.scim.users import ENTERPRISE_URN, USER_URN

BASE = "https://door.example/scim/webex/v2"
CHARACTERISTICS = {"type", "multiValued", "required", "caseExact", "mutability", "returned", "uniqueness"}


async def test_every_schema_is_told_in_full(clock: Clock) -> None:
    """
    Each attribute and part with all its characteristics, each reference with what it refers to; nothing is null.
    """
    async with running_hub(clock, people=2) as hub:
        schemas = schemas_of(System(hub.facade, clock), BASE)
    urns = [each["id"] for each in schemas]
    assert len(urns) == len(set(urns))
    assert {USER_URN, ENTERPRISE_URN, GROUP_URN} <= set(urns)
    for schema in schemas:
        for row in schema["attributes"]:
            for each in (row, *row.get("subAttributes", ())):
                assert each.keys() >= CHARACTERISTICS, each["name"]
                assert None not in each.values()
                assert (each["type"] == "reference") is ("referenceTypes" in each)
            assert (row["type"] == "complex") is ("subAttributes" in row)


async def test_schemas_follow_what_the_connector_has(clock: Clock) -> None:
    """
    On the people road there is no locale; the nickname is read only, since Webex sets it.
    """
    async with running_hub(clock, people=2) as hub:
        user = one_of(schemas_of(System(hub.facade, clock), BASE), USER_URN.upper())
    rows = {row["name"]: row for row in user["attributes"]}
    assert "locale" not in rows
    assert rows["nickName"]["mutability"] == "readOnly"
    assert rows["userName"]["required"]
    assert rows["userName"]["uniqueness"] == "server"
    assert {"id", "externalId", "meta"}.isdisjoint(rows)


async def test_resource_types_are_named_as_they_are_found(clock: Clock) -> None:
    """
    The identifier is the name; Okta finds roles and licences by its own schemas.
    """
    async with running_hub(clock, people=2) as hub:
        system = System(hub.facade, clock, Manner(dialect=Dialect.OKTA, profiles="Licenses"))
        types = resource_types_of(system, BASE)
    assert [(each["id"], each["endpoint"]) for each in types] == [
        ("User", "/Users"),
        ("Group", "/Groups"),
        ("Role", "/Roles"),
        ("Licenses", "/Licenses"),
    ]
    assert types[2]["schema"] == "urn:okta:scim:schemas:core:1.0:Role"
    with pytest.raises(Problem, match="There is no Profiles; there are User, Group, Role, Licenses"):
        one_of(types, "Profiles")


def test_the_configuration_lacks_nothing() -> None:
    """
    Strict clients take one that lacks a part for "supports nothing".
    """
    config = config_of(BASE)
    for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag"):
        assert isinstance(config[name]["supported"], bool)
    assert {"maxOperations", "maxPayloadSize"} < config["bulk"].keys()
    assert config["filter"]["maxResults"] == config["pagination"]["maxPageSize"]
    assert [each["type"] for each in config["authenticationSchemes"]] == ["oauthbearertoken", "oauth2", "httpbasic"]
