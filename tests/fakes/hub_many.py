"""
Many changes of people of the simulated organisation, and what came of each.
"""

from collections.abc import Sequence

from fakes.hub import OPTIONS, Hub
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta
from webex_connector.icf.errors import (
    ConnectorError,
)
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.sandbox import rendering


def make(number: int, **more: tuple[str | bool, ...]) -> ChangeRequest:
    """
    Return the creation of a person.
    """
    plain = {"emails": (address(number),), "displayName": (f"New {number}",), "firstName": ("New",)}
    return ChangeRequest(Change.CREATE, attributes={**plain, **more})


def address(number: int) -> str:
    """
    Return that person's address.
    """
    return f"new{number}@acme.example"


def delete(uid: str) -> ChangeRequest:
    """
    Return a deletion.
    """
    return ChangeRequest(Change.DELETE, uid)


def change(uid: str, *deltas: AttributeDelta) -> ChangeRequest:
    """
    Return a change.
    """
    return ChangeRequest(Change.UPDATE, uid, deltas=deltas)


def uids(hub: Hub) -> list[str]:
    """
    Return everybody's id, but for the administrator's and John's.
    """
    return [rendering.person_id(person.uuid) for _, person in hub.sandbox.world.people()][2:]


async def applied(
    hub: Hub, changes: Sequence[ChangeRequest], options: OperationOptions = OPTIONS
) -> list[ChangeOutcome]:
    """
    Make the changes; the trace begins anew.
    """
    hub.sandbox.trace.clear()
    outcomes = await hub.facade.apply_many(names.ACCOUNT, changes, options)
    hub.sandbox.faults.verify()
    return outcomes


def fates(outcomes: Sequence[ChangeOutcome]) -> list[Fate]:
    """
    Return how the changes ended.
    """
    return [outcome.fate for outcome in outcomes]


def result_of(outcome: ChangeOutcome) -> WriteResult:
    """
    Return the result. Raises AssertionError where there is none.
    """
    assert outcome.result is not None, outcome
    return outcome.result


def error_of(outcome: ChangeOutcome) -> ConnectorError:
    """
    Return the error. Raises AssertionError where there is none.
    """
    assert outcome.error is not None, outcome
    return outcome.error
