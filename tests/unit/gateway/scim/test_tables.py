"""
The tables of resource types against the schema of the connector.
"""

import pytest

from fakes.scim_tables import resource as named
from fakes.scim_tables import schema
from webex_connector.gateway.scim.dialects import Dialect, Groups, resources_of
from webex_connector.gateway.scim.mapping import Mutability, Resource, Returned, ScimType, Shape, bound
from webex_connector.icf import names
from webex_connector.icf.schema import AttributeType

SCHEMA = schema()
EVERY = [
    pytest.param(resource, id=f"{dialect.value} {groups.value} {resource.name}")
    for dialect in Dialect
    for groups in Groups
    for resource in resources_of(dialect, groups)
]

ONE_IDENTITY_USER = {
    "id": names.UID,
    "userName": "emails",
    "name.familyName": "lastName",
    "name.givenName": "firstName",
    "displayName": "displayName",
    "nickName": "nickName",
    "emails.value": "emails",
    "timezone": "timezone",
    "active": names.ENABLE,
    "userType": "type",
    "roles.value": "roles",
    "entitlements.value": "licenses",
    "photos.value": "avatar",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization": "orgId",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:status": "status",
    "meta.created": "created",
    "meta.lastModified": "lastModified",
}
ENTRA = {
    "title": "title",
    "preferredLanguage": "preferredLanguage",
    "phoneNumbers.value": "phoneNumbers",
    "externalId": "externalId",
    "manager": "managerId",
    "department": "department",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "employeeNumber",
}


@pytest.mark.parametrize("resource", EVERY)
def test_every_row_is_an_attribute_of_the_connector(resource: Resource) -> None:
    """
    Nothing is in a table that Webex does not have, and each has the type that the model has.
    """
    info = SCHEMA.object_class(resource.object_class)
    for _, row in resource.rows:
        assert row.name == "meta" or all(info.has(source) for source in row.sources), row.name
        if row.shape is Shape.PLAIN and row.model:
            name = "TIMESTAMP" if row.type is ScimType.DATE_TIME else row.type.name
            assert AttributeType[name] is info.attribute(row.model).type
        if row.shape is Shape.MAPS:
            fields = {part.name for part in info.attribute(row.model or "").fields}
            assert {part.source for part in row.parts if part.source} <= fields


@pytest.mark.parametrize("resource", EVERY)
def test_nothing_is_writable_that_the_connector_does_not_write(resource: Resource) -> None:
    """
    Schemas tell the truth, since clients map what they find there.
    """
    info = SCHEMA.object_class(resource.object_class)
    for _, row in bound(resource, info).rows:
        if row.mutability is Mutability.READ_WRITE and row.model:
            assert info.attribute(row.model).updateable, row.name
        for part in row.parts:
            if part.mutability is Mutability.READ_WRITE and row.shape is Shape.PARTS:
                assert info.attribute(part.source or "").updateable, part.name


@pytest.mark.parametrize(("path", "model"), ONE_IDENTITY_USER.items())
def test_one_identitys_users(path: str, model: str) -> None:
    """
    The user table of Starling Connect, row by row.
    """
    place = named("User", Dialect.ONE_IDENTITY).find(path)
    assert place is not None
    assert place.model == model


@pytest.mark.parametrize("groups", [Groups.GROUPS, Groups.TEAMS])
def test_one_identitys_groups(groups: Groups) -> None:
    """
    The group table of Starling Connect: names, members with names, and when it was made.
    """
    group = named("Group", Dialect.ONE_IDENTITY, groups)
    parts = {part.name: part.source for part in next(row for _, row in group.rows if row.name == "members").parts}
    found = {path: place.model for path in ("id", "displayName", "meta.created") if (place := group.find(path))}
    assert (parts["value"], parts["display"]) == ("id", "displayName")
    assert found == {
        "id": names.UID,
        "displayName": "displayName" if groups is Groups.GROUPS else "name",
        "meta.created": "created",
    }


@pytest.mark.parametrize(("path", "model"), ENTRA.items())
def test_entras_defaults(path: str, model: str) -> None:
    """
    What Entra maps by default, also where it leaves the URN of the extension out.
    """
    place = named("User").find(path)
    assert place is not None
    assert place.model == model


def test_what_costs_requests_of_its_own_is_returned_on_request_alone() -> None:
    """
    Attributes that only SCIM has at Webex cost a request for each user; the external id does too, unless it is kept
    here.
    """
    user = named("User")
    dear = {row.name for _, row in user.rows if row.returned is Returned.REQUEST}
    people = named("User", road="people")
    assert dear >= {"externalId", "locale", "employeeNumber"}
    assert "externalId" not in {row.name for _, row in people.rows if row.returned is Returned.REQUEST}
    assert people.find("locale") is None


def test_licences_have_the_name_that_is_asked_for() -> None:
    """
    Okta looks for `Licenses`, One Identity for `Profiles`.
    """
    named = resources_of(Dialect.OKTA, profiles="Licenses")[-1]
    assert (named.name, named.endpoint) == ("Licenses", "Licenses")
    assert named.core.urn == "urn:okta:scim:schemas:core:1.0:Entitlement"
    assert resources_of()[-1].name == "Profiles"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("USERNAME", "userName"),
        ("Name.FamilyName", "name.familyName"),
        ("urn:ietf:params:scim:schemas:core:2.0:User:title", "title"),
        ("URN:ietf:params:scim:schemas:CORE:2.0:user:name.givenname", "name.givenName"),
        ("manager.value", "manager.value"),
        ("meta.lastmodified", "meta.lastModified"),
    ],
)
def test_paths_are_found_in_any_case(path: str, found: str) -> None:
    """
    With or without the URN of the schema.
    """
    place = named("User").find(path)
    assert place is not None
    assert place.path == found


@pytest.mark.parametrize(
    "path",
    ["", "nothing", "name.nothing", "urn:example:title", "urn:ietf:params:scim:schemas:core:2.0:User:department"],
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    """
    Nor is an attribute under the URN of another schema.
    """
    assert named("User").find(path) is None


def test_case_matters_where_it_matters_to_webex() -> None:
    """
    Whoever looks for something finds what the answer shows: an external id that Webex holds has no case, one that is
    kept here has.
    """

    def exact(path: str, road: str = "auto") -> bool:
        place = named("User", road=road).find(path)
        assert place is not None
        return place.attribute.case_exact

    assert not exact("userName")
    assert exact("roles")
    assert not exact("externalId")
    assert exact("externalId", "people")
