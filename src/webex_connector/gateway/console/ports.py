"""
What the console needs of the house beside the systems themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import Property
from webex_connector.icf.facade import Facade


class Open(Protocol):
    """
    A system that is open.
    """

    @property
    def facade(self) -> Facade:
        """
        The way to its connector.
        """
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a system stands with Webex, as far as it is known without asking Webex.
    """

    name: str
    display_name: str
    problem: str = ""
    """Why it is not open; empty when it is."""

    connected: datetime | None = None
    """When somebody connected it by Connect; None when the settings alone say how."""

    actor: str = ""
    """Who that was."""

    renews: bool = True
    """Whether its access token is renewed without a person."""

    ends: datetime | None = None
    """When the access token ends, if that is known."""

    refresh_ends: datetime | None = None
    """When the refresh token ends unless it is used before, if that is known."""

    scopes: tuple[str, ...] = ()
    """What the access token may do; empty when nobody said."""

    @property
    def last_day(self) -> datetime | None:
        """
        When a person has to act, if nothing happens before.
        """
        return self.refresh_ends if self.renews else self.ends


@dataclass(frozen=True, slots=True)
class Question:
    """
    What to show a person who connects a system.
    """

    address: str
    """
    The consent page, to be opened in a browser.
    """
    state: str
    """
    What the answer is known by.
    """


class Connecting(Protocol):
    """
    Connects systems. What is stored survives a restart and goes before the settings.
    """

    @property
    def properties(self) -> Mapping[str, Property]:
        """
        The properties that a form may ask for, by name.
        """
        ...

    @property
    def scopes(self) -> Sequence[str]:
        """
        What Webex is asked for unless `scope` of a system says otherwise.
        """
        ...

    async def standings(self) -> Sequence[Standing]:
        """
        Return how every system stands, those included that only the store knows. Raises ConnectorError when the store
        does not answer.
        """
        ...

    async def values(self, system: str) -> Mapping[str, object]:
        """
        Return the values in force of a system's properties, with no secret among them: True stands for one that is
        there.
        """
        ...

    async def ask(self, system: str, given: Mapping[str, object], redirect_uri: str, asker: str) -> Question:
        """
        Return a new question to a person, with these values laid over those in force. Nothing is stored.

        Raises ConfigurationMistakes with everything that is wrong, InvalidInput for an impossible system name.
        """
        ...

    async def answer(self, state: str, callback: str, asker: str, actor: str) -> str:
        """
        Take the address that the browser was led to, store what it brings and return the system, which is open then.

        Raises ConnectorError with the sentence for the person; then nothing is stored.
        """
        ...

    async def ask_for_token(self, system: str, given: Mapping[str, object], asker: str) -> Question:
        """
        Like `ask`, for a token that the person pastes.
        """
        ...

    async def paste(self, state: str, pasted: Secret, asker: str, actor: str) -> str:
        """
        Like `answer`, for the token, or the address that holds it.
        """
        ...

    async def forget(self, system: str, actor: str) -> bool:
        """
        Forget what Connect brought to a system, and return whether there was anything. Raises ConnectorError.
        """
        ...
