"""
Signs of what will interfere: licences that run short, templates that give licences nobody asked for, and directories
that own people. Pure.

There is no public API for templates and for the state of a synchronisation, so that a few people are looked at. What is
concluded from them is said as what it is, a sign.
"""

from collections import Counter
from collections.abc import Sequence

from webex_connector.connector.control_hub.diagnosis import remedies
from webex_connector.connector.control_hub.diagnosis.subjects import Subject
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.webex.scim_wire import WEBEX_USER
from webex_connector.webex.wire import Json

SAMPLE = 100
"""
How many people are looked at.
"""

FEWEST = 5
"""
Fewer people who were invited and have not come yet say nothing about templates.
"""

LATEST = 10
"""
How many of them count: those who were invited last.
"""

ONE_IN = 50
"""
A licence of which less than one unit in so many is left runs short.
"""

DIRECTORIES = {
    "AD": "Active Directory (Directory Connector)",
    "AAD": "Microsoft Entra ID",
    "OKTA": "Okta",
    "BROADWORKS": "BroadWorks",
}
"""
The sources that own the people they bring (https://developer.webex.com/docs/api/v1/scim-2-users, `provisionSource`).
"""


def seats(licenses: Sequence[Json]) -> Finding:
    """
    Judge how many units are left. Free licences have none to run short of.
    """
    subject = Subject.SEATS.value
    short = [text for each in licenses if (text := _shortage(each))]
    if short:
        return Finding(subject, Verdict.WARNING, "; ".join(short), remedy=remedies.MORE_SEATS)
    return Finding(subject, detail="units of every licence are left")


def templates(people: Sequence[Json], licenses: Sequence[Json]) -> Finding:
    """
    Judge whether those who were invited last all have a licence that was bought: then something may give it to all.
    """
    subject = Subject.TEMPLATES.value
    invited = sorted((each for each in people if each.get("invitePending")), key=_created, reverse=True)[:LATEST]
    among = f"{len(invited)} people invited last, of {len(people)} looked at"
    if len(invited) < FEWEST:
        return Finding(
            subject, Verdict.UNKNOWN, f"too few to tell: the {among}", remedy=remedies.TEMPLATE, needed=False
        )
    bought = {str(each.get("id")): str(each.get("name")) for each in licenses if _is_bought(each)}
    held = Counter(id_ for each in invited for id_ in set(each.get("licenses") or ()) if id_ in bought)
    common = sorted(bought[id_] for id_, count in held.items() if count == len(invited))
    if not common:
        return Finding(subject, detail=f"no sign: no licence is common to the {among}", needed=False)
    detail = f"a sign: {', '.join(common)} is common to the {among}"
    return Finding(subject, Verdict.WARNING, detail, remedy=remedies.TEMPLATE, needed=False)


def directory(users: Sequence[Json]) -> Finding:
    """
    Judge whether those who were changed last were brought by a directory.
    """
    subject = Subject.DIRECTORY.value
    sources = Counter(str((each.get(WEBEX_USER) or {}).get("provisionSource") or "").upper() for each in users)
    owned = [f"{count} from {DIRECTORIES[source]}" for source, count in sources.items() if source in DIRECTORIES]
    among = f"the {len(users)} people changed last"
    if not owned:
        return Finding(subject, detail=f"no sign: no directory brought any of {among}", needed=False)
    detail = f"{', '.join(sorted(owned))}, of {among}"
    return Finding(subject, Verdict.WARNING, detail, remedy=remedies.DIRECTORY, needed=False)


def _created(person: Json) -> str:
    return str(person.get("created") or "")


def _is_bought(license_: Json) -> bool:
    # A free licence has as many units as are used, and no subscription (https://developer.webex.com/docs/api/v1/licenses).
    return bool(license_.get("subscriptionId"))


def _shortage(license_: Json) -> str:
    total, used = license_.get("totalUnits"), license_.get("consumedUnits")
    if not _is_bought(license_) or not isinstance(total, int) or not isinstance(used, int) or total <= 0:
        return ""
    left = total - used
    if left * ONE_IN >= total:
        return ""
    return f"{max(left, 0) or 'none'} of {total} left: {license_.get('name')}"
