"""
The tables of what can be granted and not written: `Role`, and licences as `Profiles`.

Sources: Okta, "SCIM with entitlements" (https://developer.okta.com/docs/guides/scim-with-entitlements/), for its two
schemas; One Identity names the resource types Role and Profiles.
"""

from dataclasses import replace
from typing import Final

from webex_connector.gateway.scim.mapping import Attribute, Mutability, Resource, ScimType, Table
from webex_connector.gateway.scim.users import common
from webex_connector.icf import names

OKTA_ROLE_URN: Final = "urn:okta:scim:schemas:core:1.0:Role"
OKTA_ENTITLEMENT_URN: Final = "urn:okta:scim:schemas:core:1.0:Entitlement"
ROLE_URN: Final = "urn:webex-connector:params:scim:schemas:core:2.0:Role"
PROFILE_URN: Final = "urn:webex-connector:params:scim:schemas:core:2.0:Profiles"
WEBEX_LICENSE_URN: Final = "urn:webex-connector:params:scim:schemas:extension:2.0:License"

_READ_ONLY: Final = Mutability.READ_ONLY

_NAME: Final = Attribute("displayName", "The name.", names.NAME, mutability=_READ_ONLY)

ROLE: Final = Resource(
    "Role",
    "Roles",
    "Administrator roles that people can have.",
    "ROLES",
    Table(ROLE_URN, "Role", "An administrator role.", (_NAME,)),
    (),
    common(None),
)

_COUNTERS: Final = (
    Attribute("totalUnits", "How many there are.", "totalUnits", type=ScimType.INTEGER),
    Attribute("consumedUnits", "How many are used.", "consumedUnits", type=ScimType.INTEGER),
    Attribute("subscriptionId", "The subscription it belongs to.", "subscriptionId"),
    Attribute("siteUrl", "The meetings site it is for.", "siteUrl"),
    Attribute("siteType", "Who manages that site.", "siteType"),
)

PROFILE: Final = Resource(
    "Profiles",
    "Profiles",
    "Licences that people can hold.",
    "LICENSES",
    Table(PROFILE_URN, "Profiles", "A licence.", (_NAME, *_COUNTERS)),
    (),
    common(None),
)

OKTA_ROLE: Final = replace(ROLE, core=replace(ROLE.core, urn=OKTA_ROLE_URN))
"""
Roles as Okta's entitlement management discovers them.
"""

_OKTA_TYPE: Final = Attribute("type", "The name of the resource type.", mutability=_READ_ONLY)

OKTA_PROFILE: Final = replace(
    PROFILE,
    core=Table(OKTA_ENTITLEMENT_URN, "Entitlement", "A licence.", (_NAME, _OKTA_TYPE)),
    extensions=(Table(WEBEX_LICENSE_URN, "License", "What Webex says of a licence.", _COUNTERS),),
)
"""
Licences as Okta's entitlement management discovers them.
"""
