"""
GetUser: all that is known of one user (REF "GetUser").
"""

from webex_connector.sandbox.meetings_site import callers
from webex_connector.sandbox.meetings_site.asking import Asked, Operation
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.showing import shown
from webex_connector.sandbox.meetings_site.writing import Content


def get_user(asked: Asked) -> Content:
    """
    Answer with a user. Who is no administrator sees nobody else. Raises Refusal for an unknown one.
    """
    caller, named = asked.known_caller, asked.content.value("webExId")
    if named.lower() != caller.web_ex_id.lower():
        callers.require_admin(caller, writes=False)
    user = asked.world.user(named)
    if user is None:
        raise Refusal("030001", value=named)
    return Content("getUserResponse", tuple(shown(asked.world, user)))


OPERATIONS = (Operation("user.GetUser", get_user),)
