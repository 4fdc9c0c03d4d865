"""
Resources of SCIM as attributes of records.
"""

from webex_connector.sync.sources.scim_values import attributes_of


def test_parts_have_the_names_that_scim_gives_them() -> None:
    """
    Parts of complex values, of extensions, and of one kind among several; what is primary comes first.
    """
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    emails = [{"value": "a@x", "type": "home"}, {"value": "b@x", "type": "work", "primary": True}, {"type": "other"}]
    found = attributes_of(
        {
            "schemas": ["x"],
            "id": "1",
            "nickName": "",
            "active": False,
            "name": {"givenName": "Anna", "familyName": None},
            "emails": emails,
            "tags": ["a", None, "b"],
            enterprise: {"department": "Sales", "manager": {"value": "7"}},
            "meta": {"created": "c", "location": "l", "version": "v", "resourceType": "User"},
        }
    )
    assert found == {
        "id": ("1",),
        "active": (False,),
        "name.givenName": ("Anna",),
        "emails": (emails[1], emails[0], emails[2]),
        "emails.value": ("b@x", "a@x"),
        "emails.home": ("a@x",),
        "emails.work": ("b@x",),
        "tags": ("a", "b"),
        f"{enterprise}:department": ("Sales",),
        f"{enterprise}:manager.value": ("7",),
        "meta.created": ("c",),
    }
