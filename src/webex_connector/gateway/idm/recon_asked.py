"""
One request about reconciliations, and which mappings its client may know of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from webex_connector.gateway.idm.call import answered
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.headers import Version
from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.gateway.idm.query import KINDS
from webex_connector.gateway.idm.recons import MappingFacts
from webex_connector.gateway.rights import Client, NotPermitted, Right
from webex_connector.icf.options import Actor


@dataclass(frozen=True, slots=True)
class Request:
    """
    One request to these addresses.
    """

    client: Client
    by: Actor
    method: str
    parts: tuple[str, ...]
    parameters: Parameters
    version: Version
    body: Any = None
    dry: bool = False

    @property
    def action(self) -> str:
        """
        The action in lower case; empty when there is none.
        """
        return (self.parameters.text("_action") or "").lower()

    @property
    def queries(self) -> bool:
        """
        Whether it asks for a list.
        """
        return self.method == "GET" and any(self.parameters.has(kind) for kind in KINDS)

    def answer(self, content: object) -> Response:
        """
        Answer with JSON.
        """
        return answered(content, self.version, pretty=self.parameters.flag("_prettyPrint"))

    def needed(self, name: str) -> str:
        """
        Return a parameter that has to be there. Raises Problem (400).
        """
        found = self.parameters.text(name)
        if found is None:
            raise Problem(400, f"Missing required parameter: {name}", detail={"parameter": name})
        return found


class Known:
    """
    The mappings there are, as far as a client may know of them.
    """

    def __init__(self, mappings: Sequence[MappingFacts]) -> None:
        self._mappings = {each.name: each for each in mappings}

    def of(self, client: Client) -> list[MappingFacts]:
        """
        Return the mappings of systems and objects that the client may use.
        """
        return [each for each in self._mappings.values() if _may_see(client, each)]

    def find(self, client: Client, name: str) -> MappingFacts | None:
        """
        Return a mapping, if the client may know of it.
        """
        found = self._mappings.get(name)
        return found if found is not None and _may_see(client, found) else None

    def one(self, client: Client, name: str) -> MappingFacts:
        """
        Return a mapping. Raises Problem (404).
        """
        found = self.find(client, name)
        if found is None:
            there = ", ".join(each.name for each in self.of(client)) or "none"
            raise Problem(404, f"No such mapping: {name}; there are: {there}")
        return found


def permitted(client: Client, mapping: MappingFacts, *, writes: bool) -> None:
    """
    Return when the client may have a mapping reconciled. Raises NotPermitted.
    """
    client.require(Right.RECONCILE, mapping.system)
    for right in (Right.WRITE, Right.DELETE, Right.DISABLE) if writes else ():
        if not client.may(right, mapping.system):
            why = f"{client.name} may not {right.value}, which a reconciliation may do; try analyze=true"
            raise NotPermitted(why)


def _may_see(client: Client, mapping: MappingFacts) -> bool:
    is_theirs = client.objects is None or mapping.object_class in client.objects
    return is_theirs and client.may(Right.READ, mapping.system)
