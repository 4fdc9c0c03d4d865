"""
Connect: a person consents in a browser, and what that brings is stored, sealed, before anything uses it. The command
line and the console go the same way.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from webex_connector.app.connectors import CONTROL_HUB, KINDS
from webex_connector.app.settings import SystemSettings
from webex_connector.app.systems import Systems
from webex_connector.base.log import logger
from webex_connector.base.secret import Secret
from webex_connector.connector import consent
from webex_connector.connector.consent import Consented, Integration
from webex_connector.gateway.console.ports import Question, Standing
from webex_connector.icf.configuration import Property, Setting, configured
from webex_connector.icf.errors import ConnectionFailed, InvalidInput
from webex_connector.store.connections import Connection
from webex_connector.store.errors import StoreError
from webex_connector.webex import consent as wire

PATIENCE = 600.0
"""
Seconds a person has to answer; the code of an answer lives no longer.
"""

_WAITING = 100
_NAME = re.compile(r"[A-Za-z0-9]{1,60}")
_log = logger("app")


@dataclass(frozen=True, slots=True)
class _Asked:
    """
    A question that waits for its answer.
    """

    system: str
    given: Mapping[str, Setting]
    question: wire.Question
    integration: Integration | None
    """
    None for a token that is pasted.
    """
    asker: str
    until: float


class Connecting:
    """
    The flow, from the question to an open system. Questions are kept in memory: after a restart one asks again.
    """

    def __init__(self, systems: Systems, door: str) -> None:
        self._systems, self._clock, self._door = systems, systems.clock, door
        self._connections, self._vault = systems.memory.connections, systems.memory.vault
        self._waiting: dict[str, _Asked] = {}

    @property
    def properties(self) -> Mapping[str, Property]:
        """
        The properties that a form may ask for, by name.
        """
        return {each.name: each for each in KINDS[CONTROL_HUB].properties}

    @property
    def scopes(self) -> Sequence[str]:
        """
        What Webex is asked for unless `scope` of a system says otherwise.
        """
        return consent.SCOPES

    async def standings(self) -> Sequence[Standing]:
        """
        Return how every system stands that consent can connect. Raises ConnectionFailed when the store does not answer.
        """
        return [
            await self._standing(each, connection)
            for each, connection in (await self._systems.described()).values()
            if KINDS[each.connector].is_connected_by_consent
        ]

    async def values(self, system: str) -> Mapping[str, object]:
        """
        Return the values in force, True in the place of secrets.
        """
        each = await self._in_force(system)
        return {
            name: True if isinstance(value, Secret) else value
            for name, value in each.configuration.items()
            if value is not None
        }

    async def ask(self, system: str, given: Mapping[str, object], redirect_uri: str, asker: str) -> Question:
        """
        Return a new question to a person. Raises ConfigurationMistakes, InvalidInput.
        """
        values = self._given(system, given)
        in_force = {**(await self._in_force(system)).configuration, **values}
        integration = consent.integration_of(in_force, self._clock, self._systems.settings.certificates)
        return self._wait(system, values, integration.question(redirect_uri), integration, asker)

    async def ask_for_token(self, system: str, given: Mapping[str, object], asker: str) -> Question:
        """
        Return a new question whose answer is a token. Raises ConfigurationMistakes, InvalidInput.
        """
        values = self._given(system, given)
        question = consent.token_question({**(await self._in_force(system)).configuration, **values})
        return self._wait(system, values, question, None, asker)

    async def answer(self, state: str, callback: str, asker: str, actor: str) -> str:
        """
        Take the browser's answer, store what it brings and return the system, open. Raises ConnectorError.
        """
        asked = self._awaited(state, asker)
        if asked.integration is None:
            raise InvalidInput("This question is answered by pasting a token")
        brought = await consent.consented(asked.integration, asked.question, callback, self._clock)
        return await self._keep(asked, brought, actor)

    async def paste(self, state: str, pasted: Secret, asker: str, actor: str) -> str:
        """
        Take a pasted token, store it and return the system, open. Raises ConnectorError.
        """
        asked = self._awaited(state, asker)
        return await self._keep(asked, consent.pasted(asked.question, pasted, self._clock), actor)

    async def forget(self, system: str, actor: str) -> bool:
        """
        Forget what Connect brought to a system, and return whether there was anything. Raises ConnectionFailed.
        """
        each, connection = (await self._systems.described()).get(system, (None, None))
        if each is not None and connection is not None:
            # The tokens first: without the connection nobody would know them any more.
            await consent.forget(each.configuration, self._vault)
        with _answering():
            was_there = await self._connections.remove(system, self._clock.now(), actor, self._door)
        await self._systems.refresh()
        return was_there

    async def standing(self, system: str) -> Standing:
        """
        Return how one system stands. Raises InvalidInput when there is none of the name, ConnectionFailed.
        """
        found = (await self._systems.described()).get(system)
        if found is None:
            raise InvalidInput(f"There is no system {system}")
        _refuse_unconsenting(found[0])
        return await self._standing(*found)

    async def _standing(self, each: SystemSettings, connection: Connection | None) -> Standing:
        facts = await consent.kept(each.configuration, self._vault)
        return Standing(
            each.name,
            each.display_name,
            self._systems.problems.get(each.name, ""),
            None if connection is None else connection.connected,
            "" if connection is None else connection.actor,
            facts.renews,
            facts.ends,
            facts.refresh_ends,
            tuple(sorted(facts.scopes)),
        )

    async def _in_force(self, system: str) -> SystemSettings:
        found = (await self._systems.described()).get(system)
        each = self._systems.bare(system) if found is None else found[0]
        _refuse_unconsenting(each)
        return each

    def _given(self, system: str, given: Mapping[str, object]) -> Mapping[str, Setting]:
        if not _NAME.fullmatch(system):
            raise InvalidInput("The name of a system is part of addresses: use letters and digits only, 60 at most")
        values = configured(self.properties.values(), given)
        return {name: values[name] for name in given}

    def _wait(
        self,
        system: str,
        given: Mapping[str, Setting],
        question: wire.Question,
        integration: Integration | None,
        asker: str,
    ) -> Question:
        now = self._clock.monotonic()
        waiting = {state: each for state, each in self._waiting.items() if each.until > now}
        # Whoever asks again and again only loses the oldest questions.
        self._waiting = dict(list(waiting.items())[-_WAITING + 1 :])
        self._waiting[question.state] = _Asked(system, given, question, integration, asker, now + PATIENCE)
        return Question(question.address, question.state)

    def _awaited(self, state: str, asker: str) -> _Asked:
        asked = self._waiting.get(state)
        if asked is None or asked.until <= self._clock.monotonic() or not secrets.compare_digest(asked.asker, asker):
            raise InvalidInput(
                "Nobody asked for this, or it was more than ten minutes ago; connect again. Nothing was stored"
            )
        del self._waiting[state]
        return asked

    async def _keep(self, asked: _Asked, brought: Consented, actor: str) -> str:
        with _answering():
            before = (await self._connections.all()).get(asked.system)
            known = {} if before is None else msgspec.json.decode(before.properties.reveal())
            plain = {**known, **_plain(asked.given), **_plain(brought.properties)}
            properties = Secret(msgspec.json.encode(plain).decode())
            # First what everything can be got with again, should we stop between the two.
            await self._connections.put(Connection(asked.system, properties, self._clock.now(), actor), self._door)
        try:
            await brought.keep(self._vault)
        except ConnectionFailed as problem:
            # What is stored gets another access token.
            _log.warning("app.access_token_not_kept", system=asked.system, reason=problem.message)
        _log.info("app.connected", system=asked.system, actor=actor)
        await self._systems.refresh()
        return asked.system


def _refuse_unconsenting(each: SystemSettings) -> None:
    if not KINDS[each.connector].is_connected_by_consent:
        raise InvalidInput(
            f"What {each.name} logs in with stands in the settings: nobody's consent connects a system of the kind "
            f"{each.connector}"
        )


def _plain(values: Mapping[str, Setting]) -> dict[str, object]:
    return {name: value.reveal() if isinstance(value, Secret) else value for name, value in values.items()}


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except StoreError as problem:
        raise ConnectionFailed(f"{problem}. Nothing was stored") from problem
