"""
A request that is about systems as a whole, with everything read out of it.
"""

from dataclasses import dataclass
from typing import Any

from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.gateway.idm.paths import Path
from webex_connector.gateway.rights import Client, Right
from webex_connector.icf.options import OperationOptions


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a client asks of all systems, or of one.
    """

    client: Client
    path: Path
    parameters: Parameters
    options: OperationOptions
    body: Any = None

    @property
    def action(self) -> str:
        """
        The action in lower case; empty when there is none.
        """
        return (self.parameters.text("_action") or "").lower()

    def said(self, name: str) -> str | None:
        """
        Return what the query string, else the body, says under a name; None when neither does.
        """
        found = self.parameters.text(name)
        if found is None and isinstance(self.body, dict) and self.body.get(name) is not None:
            return str(self.body[name])
        return found

    def refuse_others(self, system: str) -> None:
        """
        Raise NotPermitted for a system that the client may not use, whether it is there or not.
        """
        self.client.require(Right.READ, system)
