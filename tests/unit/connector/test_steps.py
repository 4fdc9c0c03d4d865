"""
The account of one operation.
"""

import pytest

from webex_connector.connector.steps import Steps
from webex_connector.icf.errors import Ambiguous, ConnectionBroken, InvalidAttributeValue


def test_a_doubt_among_failures_is_what_is_told() -> None:
    """
    When nothing was done for certain, nobody may hear that nothing was changed as long as one part is in doubt.
    """
    steps = Steps()
    steps.missed("groups", ("g1",), InvalidAttributeValue("no such group"))
    steps.missed("groups", ("g2",), Ambiguous("who knows"))

    with pytest.raises(Ambiguous, match="who knows"):
        steps.result("uid")


def test_without_a_doubt_the_first_failure_is_told() -> None:
    """
    Nothing was done, so it is an error and no partial success.
    """
    steps = Steps()
    steps.missed("groups", ("g1",), ConnectionBroken("no answer"))
    steps.missed("groups", ("g2",), InvalidAttributeValue("no such group"))

    with pytest.raises(ConnectionBroken):
        steps.result("uid")


def test_once_something_was_done_failures_are_a_part_of_the_result() -> None:
    """
    The caller learns what was missed, and that something was changed.
    """
    steps = Steps()
    steps.done = True
    steps.missed("groups", ("g1",), InvalidAttributeValue("no such group"))

    result = steps.result("uid")

    assert (True, [("groups", ("g1",))]) == (
        result.changed,
        [(each.attribute, each.values) for each in result.not_applied],
    )
