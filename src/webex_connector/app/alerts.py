"""
What an administrator should hear of at once, and whom it is told to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from webex_connector.base.log import logger

_log = logger("app")


@dataclass(frozen=True, slots=True)
class Alert:
    """
    One thing that waits for a person.
    """

    event: str
    """
    A name that stays the same, for rules that watch for it: `guard.client_stopped`.
    """
    text: str
    """
    What happened and what to do about it.
    """
    facts: Mapping[str, str] = field(default_factory=dict)
    """
    Client, system and the like, apart from the text.
    """


class Alerts(Protocol):
    """
    Tells people.
    """

    async def tell(self, alert: Alert) -> None:
        """
        Tell of an alert. May be told of the same one twice. Whatever it raises, the caller tries again later.
        """
        ...


class LoggedAlerts:
    """
    Tells whoever watches the log: one line at the level of errors.
    """

    async def tell(self, alert: Alert) -> None:
        """
        Write the line.
        """
        _log.error(alert.event, text=alert.text, **alert.facts)
