"""
Whose budget of requests a configuration uses.

Webex counts requests by organisation, application and token, and does not say how
(https://developer.webex.com/docs/basics, rate limits). Which organisation it is cannot be told without asking, so the
application stands for it: processes that log in as the same application share a budget.
"""

import hashlib
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from webex_connector.base.secret import Secret
from webex_connector.connector.credentials import login_of
from webex_connector.connector.given import Given
from webex_connector.connector.properties import Method
from webex_connector.icf.configuration import Setting
from webex_connector.webex.hosts import Environment
from webex_connector.webex.pace import Budget

_DIGITS = 32


def budgets_of(
    settings: Mapping[str, Setting],
    budget: Callable[[str], Budget] | None,
) -> Callable[[str], Budget] | None:
    """
    Return what makes the budgets of this configuration, by their short names; None when there is nothing to share.
    """
    if budget is None:
        return None
    whose = hashlib.sha256(repr((_service(settings), _application(settings))).encode()).hexdigest()[:_DIGITS]
    return lambda name: budget(f"{whose} {name}")


def _service(settings: Mapping[str, Setting]) -> tuple[str, str]:
    """
    Return host and path of the API, however the address is written.
    """
    given = Given(settings)
    hosts = Environment(given.get("environment", str) or Environment.COMMERCIAL.value).hosts
    parts = urlsplit(given.address("serviceUri", hosts.service_uri))
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or usual}", parts.path


def _application(settings: Mapping[str, Setting]) -> str:
    """
    Return who logs in; only what the method uses counts.
    """
    given = Given(settings)
    match login_of(given):
        case Method.BASIC:
            return f"login {given.get('login', str)}"
        case Method.TOKEN:
            token = given.get("authToken", Secret)
            return f"token {token.reveal() if token else ''}"
        case _:
            return f"client {given.get('clientId', str)}"
