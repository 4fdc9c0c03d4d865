"""
What this door needs from the house around it; `app/remote.py` hands it in.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from webex_connector.gateway.remote.codec.description import ConnectorKey
from webex_connector.icf.configuration import Property
from webex_connector.icf.facade import Facade


class Kind(Protocol):
    """
    A connector that platforms may configure.
    """

    @property
    def keys(self) -> Sequence[ConnectorKey]:
        """
        The names under which platforms know it.
        """
        ...

    @property
    def display_name(self) -> str:
        """
        What people call it.
        """
        ...

    @property
    def properties(self) -> Sequence[Property]:
        """
        Its configuration properties.
        """
        ...

    @property
    def checks_passwords(self) -> bool:
        """
        Whether it can tell that a password is somebody's.
        """
        ...

    async def opened(self, configuration: Mapping[str, object]) -> Facade:
        """
        Open it with a configuration; nothing is sent yet. Raises ConfigurationInvalid with everything that is wrong.
        """
        ...


class Systems(Protocol):
    """
    The systems that this server's own settings connect.
    """

    def facade(self, name: str) -> Facade:
        """
        Return a system. Raises ConfigurationInvalid when there is none of this name, or it is not open.
        """
        ...
