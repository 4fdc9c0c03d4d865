"""
Operations that an administrator has switched off, whichever way they are asked for.
"""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from fakes.memory_connector import MemoryConnector, staff
from fakes.ports import MemoryJournal, OpenGuard
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.denials import Denials
from webex_connector.icf.errors import PermissionDenied
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import Operation

NEW = {"displayName": ("Zoë",), "emails": ("zoe@example.com",), "licenses": ("L1",)}
OPTIONS = OperationOptions()
DRY = OperationOptions(dry_run=True)


async def _searched(facade: Facade, options: OperationOptions) -> None:
    async for _ in facade.search(names.ACCOUNT, EVERYTHING, options):
        break


ASKED: list[tuple[Operation, Callable[[Facade, OperationOptions], Coroutine[Any, Any, Any]]]] = [
    (Operation.CREATE, lambda facade, options: facade.create(names.ACCOUNT, NEW, options)),
    (
        Operation.UPDATE,
        lambda facade, options: facade.update(names.ACCOUNT, "P-0001", [replaced("title", "x")], options),
    ),
    (Operation.DELETE, lambda facade, options: facade.delete(names.ACCOUNT, "P-0001", options)),
    (Operation.GET, lambda facade, options: facade.get(names.ACCOUNT, "P-0001", options)),
    (Operation.SEARCH, _searched),
]


def _facade(clock: VirtualClock, connector: MemoryConnector, denials: Denials) -> Facade:
    staff(connector, 2)
    return Facade(
        "webex",
        connector,
        journal=MemoryJournal(),
        guard=OpenGuard(),
        clock=clock,
        cookie_key=b"0" * 32,
        denials=denials,
    )


@pytest.mark.parametrize(("operation", "asked"), ASKED, ids=lambda each: getattr(each, "value", ""))
@pytest.mark.parametrize("options", [OPTIONS, DRY], ids=["for real", "dry"])
async def test_what_is_denied_does_not_happen(
    clock: VirtualClock,
    operation: Operation,
    asked: Callable[[Facade, OperationOptions], Coroutine[Any, Any, Any]],
    options: OperationOptions,
) -> None:
    """
    A denied operation is refused before the connector hears of it, on one class or on all; every other one goes on.
    """
    for denials in (Denials(frozenset({operation})), Denials(by_class={"__account__": frozenset({operation})})):
        connector = MemoryConnector()
        with pytest.raises(PermissionDenied) as caught:
            await asked(_facade(clock, connector, denials), options)
        assert caught.value.message == (
            f"{operation.value} on __ACCOUNT__ is not allowed: the configuration of the system denies it"
        )
        assert not connector.traffic.calls
    others = frozenset(Operation) - {operation}
    await asked(_facade(clock, MemoryConnector(), Denials(others)), options)
    await asked(_facade(clock, MemoryConnector(), Denials(by_class={names.GROUP: frozenset(Operation)})), options)


@pytest.mark.parametrize("bulk", [True, False])
async def test_among_many_changes_only_the_denied_ones_are_refused(clock: VirtualClock, *, bulk: bool) -> None:
    """
    A denied change among others is refused by itself, with and without bulk.
    """
    connector = MemoryConnector(bulk=bulk)
    facade = _facade(clock, connector, Denials(frozenset({Operation.DELETE})))
    changes = [
        ChangeRequest(Change.DELETE, "P-0001"),
        ChangeRequest(Change.UPDATE, "P-0002", deltas=(replaced("title", "x"),)),
    ]
    outcomes = await facade.apply_many(names.ACCOUNT, changes, OPTIONS)
    assert [each.fate for each in outcomes] == [Fate.REFUSED, Fate.DONE]
    assert set(connector.world[names.ACCOUNT]) == {"P-0001", "P-0002"}


async def test_a_test_can_be_denied(clock: VirtualClock) -> None:
    """
    What is about the system as a whole names the system.
    """
    facade = _facade(clock, MemoryConnector(), Denials(frozenset(Operation), why="it is disabled"))
    with pytest.raises(PermissionDenied, match=r"TEST on webex is not allowed: it is disabled"):
        await facade.test(OPTIONS)
