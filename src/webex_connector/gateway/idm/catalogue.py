"""
What a configuration may connect: the kinds of connectors there are, as this door needs to know them.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.icf.configuration import Property
from webex_connector.icf.facade import Facade


class Offer(Protocol):
    """
    One kind of connector.
    """

    @property
    def ref(self) -> ConnectorRef:
        """
        The names by which configurations call it.
        """
        ...

    @property
    def display_name(self) -> str:
        """
        What people call it.
        """
        ...

    @property
    def properties(self) -> tuple[Property, ...]:
        """
        The configuration properties it has.
        """
        ...

    def opened(self, name: str, configuration: Mapping[str, object]) -> AbstractAsyncContextManager[Facade]:
        """
        Open a connector with this configuration while the block runs. Nothing is sent before the first operation.

        Raises ConfigurationMistakes with everything that is wrong.
        """
        ...
