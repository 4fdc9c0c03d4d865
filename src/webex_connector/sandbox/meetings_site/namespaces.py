"""
The names that XML of the Meetings API uses (REF "XML request and response documents").
"""

_ROOT = "http://www.webex.com/schemas/2002/06"

SERVICE = f"{_ROOT}/service"
COMMON = f"{_ROOT}/common"
USER = f"{_ROOT}/service/user"
SITE = f"{_ROOT}/service/site"
MEETING_TYPE = f"{_ROOT}/service/meetingtype"
VERSION = f"{_ROOT}/service/ep"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

PREFIXES = {"serv": SERVICE, "com": COMMON, "use": USER, "ns1": SITE, "mtgtype": MEETING_TYPE, "ep": VERSION}
"""
The prefixes that answers use. That of the site service is `ns1`, as seen in answers to GetSite.
"""
