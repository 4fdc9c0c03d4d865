"""
GetAPIVersion: answered to whoever names the site (REF "GetAPIVersion").
"""

from webex_connector.sandbox.meetings_site.asking import Access, Asked, Operation
from webex_connector.sandbox.meetings_site.writing import Content, element


def get_api_version(asked: Asked) -> Content:
    """
    Answer with the version of the API and the release of the site.
    """
    facts = asked.world.facts
    version = (element("ep:apiVersion", facts.api_version), element("ep:release", facts.release))
    return Content("getAPIVersionResponse", version, "ep")


OPERATIONS = (Operation("ep.GetAPIVersion", get_api_version, Access.OPEN),)
