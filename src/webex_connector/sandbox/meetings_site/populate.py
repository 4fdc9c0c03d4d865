"""
Classic sites made to order: the same arguments give the same site on any machine.

Every 50th user is deactivated, every 33rd must change its password, every 70th is locked, every 40th is an attendee
alone, every 100th has asked to be activated.
"""

import random
from collections import Counter
from collections.abc import Iterator

from webex_connector.sandbox.catalogue import DOMAIN
from webex_connector.sandbox.meetings_site.records import CENTER_OF, SessionType, SiteFacts, TrackingCode, User
from webex_connector.sandbox.meetings_site.world import SiteWorld
from webex_connector.sandbox.names import CULTURES

ADMIN = "site-admin"
"""
The WebEx ID of the administrator whose password is handed out; the first user of every site. As of all users, it is
the e-mail address where Control Hub manages the site.
"""

AUDITOR = "site-auditor"
"""
An administrator who may only look; the second user.
"""

SAMPLE = "jdoe"
"""
John Doe, whom the sandbox's organisation has as well; the third user.
"""

FEWEST = 3
"""
No site is smaller than the three users above.
"""

PRO, EVENT, TRAINING, SUPPORT, SCARCE = 214, 216, 218, 220, 222

_OPENED = 1_420_070_400_000
_LATEST = 1_767_225_600_000
_TYPES = (
    SessionType(10, "RAS", "Remote Access", ("SupportCenter",)),
    SessionType(14, "SMT", "Sales Meeting", ("SalesCenter",)),
    SessionType(16, "AUO", "Personal Conference", ("MeetingCenter",)),
    SessionType(PRO, "PRO", "Pro Meeting", ("MeetingCenter",)),
    SessionType(EVENT, "ONS", "Online Event", ("EventCenter",)),
    SessionType(TRAINING, "TRS", "Training Session", ("TrainingCenter",)),
    SessionType(SUPPORT, "SC3", "Support Session", ("SupportCenter",)),
    SessionType(SCARCE, "STD", "Standard Meeting (few licences)", ("MeetingCenter",), total=5),
    SessionType(224, "FRE", "Free Meeting", ("MeetingCenter",), active=False),
)
_DEPARTMENTS = ("Sales", "Engineering", "Finance", "Marketing", "Legal & Compliance")
_PLACES = {
    "Milpitas": ("USA", "4", "ENGLISH", "1,408"),
    "Berlin": ("Germany", "25", "GERMAN", "49,30"),
    "Paris": ("France", "23", "FRENCH", "33,1"),
    "Tokyo": ("Japan", "49", "JAPANESE", "81,3"),
}
_ELSEWHERE = ("United Kingdom", "21", "ENGLISH", "44,20")


def facts_of(name: str, number: int) -> SiteFacts:
    """
    Return what a site of that name is; numbers are the first, second, … site.
    """
    return SiteFacts(
        name=name,
        site_id=4_711_000 + number,
        partner_id=f"g{number}acme!",
        brand=f"{name}-brand",
        session_types=_TYPES,
        default_session_types=(PRO,),
        tracking_codes=(
            TrackingCode(1, "Division", ("EMEA", "AMER", "APAC")),
            TrackingCode(2, "Department"),
            TrackingCode(3, "Cost <centre>"),
        ),
    )


def populate(world: SiteWorld, users: int, seed: int) -> None:
    """
    Put users into an empty site. Raises ValueError for fewer than the three that are always there.
    """
    if users < FEWEST:
        raise ValueError(f"a site has at least {FEWEST} users, not {users}")
    world.fill(_users(world, users, random.Random(seed)))  # noqa: S311 - a simulation, and repeatable


def _users(world: SiteWorld, count: int, rng: random.Random) -> Iterator[User]:
    privilege = {"privilege/host": "true"}
    admin = _fields("Ada", "Admin", ADMIN, f"ada.admin@{DOMAIN}") | privilege | {"privilege/siteAdmin": "true"}
    auditor = _fields("Olga", "Auditor", AUDITOR, f"olga.auditor@{DOMAIN}") | {"privilege/roSiteAdmin": "true"}
    sample = _fields("John", "Doe", SAMPLE, "john@example.wbx.ai") | privilege
    fixed = (admin, auditor, sample)
    taken: Counter[str] = Counter()
    step = (_LATEST - _OPENED) // count
    for place in range(count):
        registered = _OPENED + step * place
        fields = fixed[place] if place < FEWEST else _somebody(rng, taken, place)
        if world.quirks.control_hub_managed:
            fields["webExId"] = fields["email"]
        types: tuple[int, ...] = (PRO,) if fields.get("privilege/host") == "true" else ()
        if types and rng.random() < 0.3:  # noqa: PLR2004 - a share of the users
            types = (PRO, rng.choice((EVENT, TRAINING, SUPPORT)))
        services = {service for each in types for service in world.session_types[each].services}
        fields |= {f"supportedServices/{CENTER_OF[service]}": "true" for service in sorted(services)}
        yield User(
            world.next_number(),
            registered,
            fields,
            types,
            f"{rng.getrandbits(128):032x}",
            must_change=place % 33 == 13,  # noqa: PLR2004 - every 33rd
            locked=place % 70 == 31,  # noqa: PLR2004 - every 70th
            visits=int(rng.random() * 200),
        )


def _fields(first: str, last: str, web_ex_id: str, email: str) -> dict[str, str]:
    return {"firstName": first, "lastName": last, "webExId": web_ex_id, "email": email, "timeZoneID": "21"}


def _somebody(rng: random.Random, taken: Counter[str], place: int) -> dict[str, str]:
    culture = rng.choice(CULTURES)
    first, last = rng.choice(culture.first), rng.choice(culture.last)
    local = f"{first.ascii}.{last.ascii}"
    taken[local] += 1
    if taken[local] > 1:
        local = f"{local}{taken[local]}"
    country, zone, language, dial = _PLACES.get(culture.city, _ELSEWHERE)
    fields = _fields(first.native, last.native, local, f"{local}@{DOMAIN}")
    fields |= {
        "company": "Acme Example",
        "address/city": culture.city,
        "address/country": country,
        "phones/phone": f"{dial},{1_000_000 + place}",
        "timeZoneID": zone,
        "language": language,
        "tracking/trackingCode2": rng.choice(_DEPARTMENTS),
        "privilege/host" if place % 40 != 7 else "privilege/attendeeOnly": "true",  # noqa: PLR2004 - every 40th
    }
    if place % 50 == 19:  # noqa: PLR2004 - every 50th
        fields["active"] = "DEACTIVATED"
    elif place % 100 == 57:  # noqa: PLR2004 - every 100th
        fields["active"] = "REQUEST_TO_ACTIVATE"
    return fields
