"""
AuthenticateUser, and the log-in addresses of the URL API (REF "AuthenticateUser", "GetloginurlUser").
"""

import secrets
from urllib.parse import quote

from webex_connector.sandbox.meetings_site import callers
from webex_connector.sandbox.meetings_site.asking import Access, Asked, Operation
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.writing import Content, element


def authenticate_user(asked: Asked) -> Content:
    """
    Answer with a session ticket for an access token or for the password in the context. Raises Refusal for others.
    """
    world, desk = asked.world, asked.desk
    if token := asked.content.value("accessToken"):
        callers.require_site(world, asked.message.context)
        user = callers.by_access_token(world, token)
    elif asked.content.value("samlResponse"):
        raise Refusal("030048", "Assertions are not simulated.")
    else:
        user = desk.caller(world, asked.message)
    ticket = desk.issue(world, user)
    return Content(
        "authenticateUserResponse",
        (
            element("use:sessionTicket", ticket.text),
            element("use:createTime", ticket.created),
            element("use:timeToLive", ticket.seconds),
        ),
    )


def get_login_ticket(asked: Asked) -> Content:
    """
    Answer with a ticket for the URL API, which is not simulated.
    """
    version = element("use:apiVersion", asked.world.facts.api_version)
    return Content("getLoginTicketResponse", (element("use:ticket", secrets.token_hex(16)), version))


def get_login_url(asked: Asked) -> Content:
    """
    Answer with the address at which a user would log in.
    """
    return Content("getloginurlUserResponse", (element("use:userLoginURL", _address(asked, "LI")),))


def get_logout_url(asked: Asked) -> Content:
    """
    Answer with the address at which a user would log out.
    """
    return Content("getlogouturlUserResponse", (element("use:userLogoutURL", _address(asked, "LO")),))


def _address(asked: Asked, action: str) -> str:
    named = asked.content.value("webExID") or asked.known_caller.web_ex_id
    if asked.world.user(named) is None:
        raise Refusal("030001", value=named)
    back = quote(asked.content.value("backURL"), safe="")
    site = asked.world.facts.name
    return f"https://{site}.webex.com/{site}/p.php?AT={action}&WID={quote(named, safe='')}&BU={back}"


OPERATIONS = (
    Operation("user.AuthenticateUser", authenticate_user, Access.OPEN),
    Operation("user.GetLoginTicket", get_login_ticket),
    Operation("user.GetloginurlUser", get_login_url),
    Operation("user.GetlogouturlUser", get_logout_url),
)
