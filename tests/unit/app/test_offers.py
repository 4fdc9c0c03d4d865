"""
Kinds of connectors as the REST door offers them: a configuration is tried against the simulated organisation.
"""

from collections.abc import AsyncIterator, Iterator

import pytest

from fakes.beside import empty_database
from fakes.virtual_time import VirtualClock
from webex_connector.app.connectors import CONTROL_HUB, KINDS
from webex_connector.app.offers import offers
from webex_connector.icf import names
from webex_connector.icf.configuration import ConfigurationMistakes
from webex_connector.icf.errors import GuardRefused
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.options import Actor, OperationOptions
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.store.local_attributes import LocalValues

SIGNED = OperationOptions(actor=Actor("ida", "test"))


@pytest.fixture
def beside() -> Iterator[LocalValues]:
    """
    A table of local values that nobody has written to.
    """
    with empty_database() as database:
        yield LocalValues(database)


@pytest.fixture
async def organisation(clock: VirtualClock) -> AsyncIterator[tuple[Sandbox, dict[str, object]]]:
    """
    A simulated organisation, and the configuration that connects it.
    """
    sandbox = Sandbox(people=5, clock=clock)
    async with sandbox.serving() as address:
        yield (
            sandbox,
            {
                "serviceUri": f"{address}/v1",
                "tokenEndpoint": f"{address}/v1/access_token",
                "clientId": sandbox.credentials.client_id,
                "clientSecret": sandbox.credentials.client_secret,
                "refreshToken": sandbox.credentials.refresh_token,
            },
        )


async def test_a_configuration_is_tried_for_real(
    clock: VirtualClock,
    beside: LocalValues,
    organisation: tuple[Sandbox, dict[str, object]],
) -> None:
    """
    A configuration that is right reads the organisation; a wrong secret is found out.
    """
    _, right = organisation
    offer, _ = offers(clock, beside)
    assert offer.ref == KINDS[CONTROL_HUB].ref
    async with offer.opened("acme", right) as facade:
        assert (await facade.test(SIGNED)).ok
    async with offer.opened("acme", right | {"clientSecret": "wrong"}) as facade:
        assert not (await facade.test(SIGNED)).ok


async def test_nothing_is_destroyed_by_trying(
    clock: VirtualClock,
    beside: LocalValues,
    organisation: tuple[Sandbox, dict[str, object]],
) -> None:
    """
    Whoever holds a tried connector cannot delete anybody.
    """
    sandbox, right = organisation
    offer, _ = offers(clock, beside)
    async with offer.opened("acme", right) as facade:
        found = [each async for batch in facade.search(names.ACCOUNT, EVERYTHING, SIGNED) for each in batch]
        with pytest.raises(GuardRefused):
            await facade.delete(names.ACCOUNT, found[-1].uid, SIGNED)
    assert sandbox.world.people_count == 5


async def test_mistakes_come_all_at_once(clock: VirtualClock, beside: LocalValues) -> None:
    """
    A configuration with several mistakes is opened by nobody.
    """
    offer, _ = offers(clock, beside)
    with pytest.raises(ConfigurationMistakes) as caught:
        async with offer.opened("acme", {"clientID": "x", "maximumConnections": "many"}):
            pass
    assert {"clientID", "maximumConnections"} <= {each.property for each in caught.value.mistakes}
