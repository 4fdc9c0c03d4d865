"""
What every simulated organisation has, however many people there are: licences, roles, locations, departments.
"""

from webex_connector.sandbox.records import (
    FULL_ADMIN,
    GROUP_ADMIN,
    READ_ONLY_ADMIN,
    USER_ADMIN,
    Address,
    License,
    Location,
    Offer,
    Organization,
    Role,
)

ORGANIZATION = Organization("5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6", "Acme Example", 1_571_408_776_000)
"""
The organisation.
"""

DOMAIN = "acme.example"
"""
The domain of most addresses.
"""

SITE = "acme.webex.com"
"""
The meeting site.
"""

_SUBSCRIPTION = "Sub-acme-0001"


def _key(code: str, number: int, site: str = "") -> str:
    return f"{code}_7f42c9a0-6d18-4b3e-a5f7-{number:012x}" + (f"_{site}" if site else "")


SCREEN_SHARE = _key("FSS", 1)
BASIC_MESSAGING = _key("FMS", 2)
BASIC_MEETINGS = _key("FTM", 3)
CALL_ON_WEBEX = _key("FTC", 4)
MESSAGING = _key("MS", 5)
MEETINGS = _key("EE", 6, SITE)
CALLING_PROFESSIONAL = _key("BCSTD", 7)
CALLING_STANDARD = _key("BCBAS", 8)
UNIFIED_CM = _key("UCPREM", 9)
TRANSLATIONS = _key("RTT", 10)

LICENSES = (
    License(SCREEN_SHARE, "Screen Share", Offer.SCREEN_SHARE),
    License(BASIC_MESSAGING, "Basic Messaging", Offer.FREE_MESSAGING),
    License(BASIC_MEETINGS, "Basic Space Meetings", Offer.FREE_MEETINGS),
    License(CALL_ON_WEBEX, "Call on Webex (1:1 call, non-PSTN)", Offer.OTHER),
    License(MESSAGING, "Advanced Messaging", Offer.MESSAGING, 0, _SUBSCRIPTION),
    License(MEETINGS, "Webex Meetings Suite", Offer.MEETINGS, 0, _SUBSCRIPTION, SITE, "Control Hub managed site"),
    License(CALLING_PROFESSIONAL, "Webex Calling - Professional", Offer.CALLING_PROFESSIONAL, 0, _SUBSCRIPTION),
    License(CALLING_STANDARD, "Webex Calling - Standard", Offer.CALLING_STANDARD, 0, _SUBSCRIPTION),
    License(UNIFIED_CM, "Unified Communication Manager (UCM)", Offer.OTHER, 0, _SUBSCRIPTION),
    License(TRANSLATIONS, "Real-Time Translations", Offer.OTHER, 0, _SUBSCRIPTION),
)
"""
The licences; those with units get their number once it is known how many are used.
"""

EXHAUSTED = TRANSLATIONS
"""
The licence of which no unit is ever left.
"""

ROLES = (
    Role(FULL_ADMIN, "Full Administrator"),
    Role(USER_ADMIN, "User Administrator"),
    Role(READ_ONLY_ADMIN, "Read-only Administrator"),
    Role("id_device_admin", "Device Administrator"),
    Role(GROUP_ADMIN, "Group Administrator"),
    Role("atlas-portal.support", "Support Administrator"),
    Role("atlas-portal.partner.helpdesk", "Help Desk Administrator"),
    Role("atlas-portal.billing", "Billing Administrator"),
    Role("atlas-portal.reports", "Reports Administrator"),
)
"""
The administrative roles.
"""


def _location(number: int, city: str, country: str, region: str, street: str, code: str, zone: str) -> Location:
    address = Address("work", country, city, region, street, code)
    return Location(f"3e7a9c15-b04d-4f68-82d1-{number:012x}", city, address, zone, str(800 + number))


LOCATIONS = (
    _location(1, "Milpitas", "US", "California", "1111 Bird Ave.", "95035", "America/Los_Angeles"),
    _location(2, "Berlin", "DE", "Berlin", "Lindenstraße 7", "10969", "Europe/Berlin"),
    _location(3, "Paris", "FR", "Île-de-France", "12 rue des Érables", "75011", "Europe/Paris"),
    _location(4, "Warsaw", "PL", "Mazowieckie", "ul. Żurawia 3", "00-515", "Europe/Warsaw"),
    _location(5, "Dubai", "AE", "Dubai", "Palm Street 21", "00000", "Asia/Dubai"),
    _location(6, "Bengaluru", "IN", "Karnataka", "4 Lake Road", "560001", "Asia/Kolkata"),
    _location(7, "Shanghai", "CN", "Shanghai", "Bund Road 88", "200002", "Asia/Shanghai"),
    _location(8, "Tokyo", "JP", "Tokyo", "Chiyoda 1-2-3", "100-0001", "Asia/Tokyo"),
)
"""
The places people work in; all have telephones.
"""

DIAL = {
    "Milpitas": "+1 408 555",
    "Berlin": "+49 30 555",
    "Paris": "+33 1 555",
    "Warsaw": "+48 22 555",
    "Dubai": "+971 4 555",
    "Bengaluru": "+91 80 555",
    "Shanghai": "+86 21 555",
    "Tokyo": "+81 3 555",
}
"""
What telephone numbers of a location begin with.
"""

DEPARTMENTS = {
    "Sales": 18,
    "Engineering": 26,
    "Customer Support": 14,
    "Operations": 12,
    "Finance": 7,
    "Marketing": 7,
    "Human Resources": 5,
    "IT": 6,
    "Legal": 2,
    "Facilities & Security": 3,
}
"""
The departments and how many of a hundred people work in each.
"""
