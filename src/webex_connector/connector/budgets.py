"""
Whose budget of requests a configuration uses.

Webex counts requests by organisation, application and token, and does not say how
(https://developer.webex.com/docs/basics, rate limits). Which organisation it is cannot be told without asking, so the
application stands for it: processes that log in as the same application share a budget.
"""

import hashlib
from collections.abc import Callable, Mapping

from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import Setting
from webex_connector.webex.pace import Budget

_TELLING = ("serviceUri", "clientId", "login", "authToken")
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
    whose = hashlib.sha256(repr([_text(settings.get(name)) for name in _TELLING]).encode()).hexdigest()[:_DIGITS]
    return lambda name: budget(f"{whose} {name}")


def _text(setting: Setting) -> str:
    return setting.reveal() if isinstance(setting, Secret) else str(setting)
