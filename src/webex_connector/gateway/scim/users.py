"""
The table of `User`: what each SCIM attribute is in the model.

One Identity's table, Okta's six attributes and Entra's defaults are all in it; what a dialect reads differently is in
`dialects.py`.

Sources: RFC 7643, sections 4.1 and 4.3; the user mapping of One Identity's Starling Connect for Webex
(https://support.oneidentity.com/technical-documents/starling-connect); Entra's default mapping
(https://learn.microsoft.com/entra/identity/app-provisioning/customize-application-attributes).
"""

from typing import Final

from webex_connector.gateway.scim.mapping import (
    Attribute,
    Mutability,
    Part,
    Resource,
    Returned,
    ScimType,
    Shape,
    Table,
)
from webex_connector.icf import names

USER_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_URN: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WEBEX_USER_URN: Final = "urn:webex-connector:params:scim:schemas:extension:2.0:User"

_READ_ONLY: Final = Mutability.READ_ONLY


def common(external_id: str | None) -> Table:
    """
    Return the attributes that every resource type has; `external_id` is the model's attribute for `externalId`.
    """
    rows = (
        Attribute(
            "id",
            "The identifier, given by Webex.",
            names.UID,
            mutability=_READ_ONLY,
            returned=Returned.ALWAYS,
            case_exact=True,
            unique=True,
        ),
        Attribute("externalId", "The identifier that the client knows it by.", external_id, case_exact=True),
        Attribute(
            "meta",
            "About the resource.",
            shape=Shape.PARTS,
            type=ScimType.COMPLEX,
            mutability=_READ_ONLY,
            parts=(
                Part("resourceType", "The resource type.", mutability=_READ_ONLY, case_exact=True),
                Part("created", "When it was made.", "created", ScimType.DATE_TIME, _READ_ONLY),
                Part("lastModified", "When it was changed last.", "lastModified", ScimType.DATE_TIME, _READ_ONLY),
                Part("location", "Its address.", type=ScimType.REFERENCE, mutability=_READ_ONLY, case_exact=True),
                Part("version", "Its entity tag.", mutability=_READ_ONLY, case_exact=True),
            ),
        ),
    )
    return Table("", "", "", tuple(row for row in rows if row.model or row.parts))


def entry_parts(what: str, refers_to: tuple[str, ...] = ()) -> tuple[Part, ...]:
    """
    Return the parts of an entry that is an identifier with a name beside it.
    """
    reference = Part(
        "$ref", f"The address of {what}.", None, ScimType.REFERENCE, _READ_ONLY, case_exact=True, refers_to=refers_to
    )
    return (
        Part("value", f"The id of {what}.", "value", case_exact=True),
        *((reference,) if refers_to else ()),
        Part("display", f"The name of {what}.", mutability=_READ_ONLY),
    )


_NAME: Final = Attribute(
    "name",
    "The name in its parts.",
    shape=Shape.PARTS,
    type=ScimType.COMPLEX,
    parts=(
        Part("formatted", "Given and family name.", mutability=_READ_ONLY),
        Part("familyName", "The family name.", "lastName"),
        Part("givenName", "The given name.", "firstName"),
    ),
)

_EMAILS: Final = Attribute(
    "emails",
    "The address to sign in with. Webex keeps one; it is the userName too.",
    "emails",
    Shape.ENTRIES,
    (
        Part("value", "The address.", "value"),
        Part("type", "work.", mutability=_READ_ONLY, canonical=("work",)),
        Part("primary", "Whether it is the one to use.", type=ScimType.BOOLEAN, mutability=_READ_ONLY),
    ),
    ScimType.COMPLEX,
    label="work",
    first_is_primary=True,
    single=True,
)

_PHOTOS: Final = Attribute(
    "photos",
    "The picture.",
    "avatar",
    Shape.ENTRIES,
    (
        Part("value", "Its address.", "value", ScimType.REFERENCE, case_exact=True, refers_to=("external",)),
        Part("type", "photo.", mutability=_READ_ONLY, canonical=("photo",)),
    ),
    ScimType.COMPLEX,
    label="photo",
    single=True,
)

_PHONE_NUMBERS: Final = Attribute(
    "phoneNumbers",
    "Telephone numbers.",
    "phoneNumbers",
    Shape.MAPS,
    (
        Part("value", "The number.", "value", required=True),
        Part("type", "What it is for.", "type", canonical=("work", "mobile", "fax", "work_extension")),
        Part("primary", "Whether it is the first to call.", "primary", ScimType.BOOLEAN),
    ),
    ScimType.COMPLEX,
)

_ADDRESSES: Final = Attribute(
    "addresses",
    "Postal addresses.",
    "addresses",
    Shape.MAPS,
    (
        Part("streetAddress", "Street and number.", "streetAddress"),
        Part("locality", "The city.", "locality"),
        Part("region", "State or province.", "region"),
        Part("postalCode", "The postal code.", "postalCode"),
        Part("country", "The two-letter code of the country.", "country"),
        Part("type", "What it is for.", "type", canonical=("work", "home", "other")),
    ),
    ScimType.COMPLEX,
)

CORE: Final = Table(
    USER_URN,
    "User",
    "A person of the Webex organisation.",
    (
        Attribute("userName", "The address to sign in with.", "emails", required=True, unique=True),
        _NAME,
        Attribute("displayName", "The name shown in Webex.", "displayName"),
        Attribute("nickName", "How the person is called.", "nickName"),
        Attribute("title", "The job title.", "title"),
        Attribute("userType", "person, bot or appuser.", "type", mutability=_READ_ONLY),
        Attribute("preferredLanguage", "The language, as in de_DE.", "preferredLanguage"),
        Attribute("locale", "How dates and numbers are written, as in de_DE.", "locale"),
        Attribute("timezone", "The IANA name of the time zone.", "timezone"),
        Attribute(
            "active",
            "Whether the person may use Webex. Webex deletes people who stay inactive for 30 days.",
            names.ENABLE,
            type=ScimType.BOOLEAN,
        ),
        _EMAILS,
        _PHONE_NUMBERS,
        _PHOTOS,
        _ADDRESSES,
        Attribute(
            "entitlements",
            "The licences held.",
            "licenses",
            Shape.ENTRIES,
            entry_parts("the licence"),
            ScimType.COMPLEX,
            case_exact=True,
        ),
        Attribute(
            "roles",
            "The administrator roles held.",
            "roles",
            Shape.ENTRIES,
            entry_parts("the role"),
            ScimType.COMPLEX,
            case_exact=True,
        ),
    ),
)

_MANAGER: Final = Attribute(
    "manager",
    "The manager.",
    shape=Shape.PARTS,
    type=ScimType.COMPLEX,
    parts=(
        Part("value", "The manager's id.", "managerId", case_exact=True),
        Part(
            "$ref", "The manager's address.", None, ScimType.REFERENCE, _READ_ONLY, case_exact=True, refers_to=("User",)
        ),
        Part("displayName", "The manager's name, as Webex shows it.", "manager", mutability=_READ_ONLY),
    ),
)

ENTERPRISE: Final = Table(
    ENTERPRISE_URN,
    "EnterpriseUser",
    "A person as an employee.",
    (
        Attribute("employeeNumber", "The number of the employee.", "employeeNumber"),
        Attribute("costCenter", "The cost centre.", "costCenter"),
        Attribute("organization", "The organisation within the company.", "organization"),
        Attribute("division", "The division.", "division"),
        Attribute("department", "The department.", "department"),
        _MANAGER,
    ),
)

WEBEX: Final = Table(
    WEBEX_USER_URN,
    "WebexUser",
    "What Webex has beside the attributes of the standard.",
    (
        Attribute("orgId", "The id of the organisation.", "orgId", mutability=_READ_ONLY, case_exact=True),
        Attribute("status", "The presence; pending for somebody who never signed in.", "status"),
        Attribute(
            "invitePending",
            "Whether the invitation waits to be accepted.",
            "invitePending",
            type=ScimType.BOOLEAN,
        ),
        Attribute("lastActivity", "When the person was last seen.", "lastActivity", type=ScimType.DATE_TIME),
        Attribute("extension", "The extension, without the routing prefix.", "extension"),
        Attribute("locationId", "The id of the calling location; set once.", "locationId", case_exact=True),
        Attribute(
            "siteUrls",
            "The meeting sites.",
            "siteUrls",
            Shape.ENTRIES,
            (Part("value", "The site; #attendee marks a guest.", "value"),),
            ScimType.COMPLEX,
        ),
    ),
)

USER: Final = Resource(
    "User",
    "Users",
    "People of the Webex organisation.",
    names.ACCOUNT,
    CORE,
    (ENTERPRISE, WEBEX),
    common("externalId"),
)
