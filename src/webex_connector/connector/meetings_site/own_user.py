"""
The user as whom the connector logs in. A site refuses whoever is deactivated or administers it no more, so the
connector does neither to that user.
"""

from collections.abc import Mapping

from webex_connector.icf import names
from webex_connector.icf.attributes import Values
from webex_connector.icf.errors import CallerRefused
from webex_connector.icf.objects import ConnectorObject
from webex_connector.webex.meetings_xml.site import MeetingsSite

PRIVILEGES, ADMINISTERS = "privileges", "siteAdmin"


def is_own(site: MeetingsSite, *known: str) -> bool:
    """
    Whether one of these is what the connector logs in with: a WebEx ID, or an address where the site takes it.
    """
    return site.webex_id.lower() in map(str.lower, known)


def refuse_own(site: MeetingsSite, before: ConnectorObject, changes: Mapping[str, Values]) -> None:
    """
    Raise CallerRefused if a user gets values with which this system could log in, or administer the site, no more.
    """
    if not is_own(site, before.uid, *map(str, before.values("email"))):
        return
    if changes.get(names.ENABLE, (True,)) != (True,):
        raise _kept(before.uid, "deactivated", names.ENABLE)
    privileges = changes.get(PRIVILEGES)
    if privileges is not None and ADMINISTERS in before.values(PRIVILEGES) and ADMINISTERS not in privileges:
        raise _kept(before.uid, f"relieved of {ADMINISTERS}", PRIVILEGES)


def _kept(uid: str, doing: str, attribute: str | None = None) -> CallerRefused:
    text = (
        f"{uid} is the user as whom this system logs in, and is not {doing}: the site would refuse every request from "
        "then on. Give the system another administrator's webExId, or do it in the administration of the site"
    )
    return CallerRefused(text, attribute=attribute)
