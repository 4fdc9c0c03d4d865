"""
What a way to people can do.
"""

from datetime import datetime
from typing import Protocol

from webex_connector.app.alerts import Alert


class NotDelivered(Exception):
    """
    An alert did not arrive. `lasting`: trying again would not help.
    """

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


class Way(Protocol):
    """
    A way to people.
    """

    @property
    def name(self) -> str:
        """
        What it is called in the log.
        """
        ...

    async def send(self, alert: Alert, at: datetime) -> None:
        """
        Take an alert of this moment to them. Raises NotDelivered.
        """
        ...
