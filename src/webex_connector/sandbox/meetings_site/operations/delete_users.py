"""
DelUser: deactivates users, up to fifty at once (REF "DelUser"). Nobody is erased: WebEx ID and address stay taken.
"""

from msgspec.structs import replace

from webex_connector.sandbox.meetings_site.asking import Access, Asked, Operation
from webex_connector.sandbox.meetings_site.fields import CENTERS
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.world import SiteWorld
from webex_connector.sandbox.meetings_site.writing import Content, element


def delete_users(asked: Asked) -> Content:
    """
    Deactivate the users named, and tell of each whether it was done. Raises Refusal for none, and for too many.
    """
    world = asked.world
    named = [each.text.strip() for each in asked.content.all("webExId")]
    if not named:
        raise Refusal("030009")
    if len(named) > world.quirks.delete_cap:
        raise Refusal(world.quirks.invalid_code, f"more than {world.quirks.delete_cap} users in one request")
    own = asked.known_caller.web_ex_id.lower()
    told = (
        element(
            "use:user",
            element("use:webExId", web_ex_id),
            element("use:status", "SUCCESS" if web_ex_id.lower() != own and _left(world, web_ex_id) else "FAILURE"),
        )
        for web_ex_id in named
    )
    return Content("delUserResponse", tuple(told))


def _left(world: SiteWorld, web_ex_id: str) -> bool:
    user = world.user(web_ex_id)
    if user is None:
        return False
    fields = {**user.fields, "active": "DEACTIVATED"}
    gone = replace(user, fields=fields)
    if world.quirks.control_hub_managed:
        fields |= {"privilege/host": "false", **{f"supportedServices/{center}": "false" for center in CENTERS}}
        gone = replace(user, fields=fields, meeting_types=())
    if gone != user:
        world.put(gone)
    return True


OPERATIONS = (Operation("user.DelUser", delete_users, Access.ADMIN),)
