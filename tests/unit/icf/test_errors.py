"""
The error tree: drawn as it is, and every leaf says what to do.
"""

import re
from collections.abc import Iterator

import pytest

from webex_connector.icf import errors
from webex_connector.icf.errors import ConnectorError, Verdict

VERDICTS = {
    errors.UnknownObjectClass: Verdict.REFUSE,
    errors.UnknownAttribute: Verdict.REFUSE,
    errors.InvalidAttributeValue: Verdict.REFUSE,
    errors.InvalidFilter: Verdict.REFUSE,
    errors.InvalidOption: Verdict.REFUSE,
    errors.UnknownUid: Verdict.REFUSE,
    errors.AlreadyExists: Verdict.REFUSE,
    errors.PreconditionFailed: Verdict.REFUSE,
    errors.PreconditionRequired: Verdict.REFUSE,
    errors.CallerRefused: Verdict.REFUSE,
    errors.PermissionDenied: Verdict.REFUSE,
    errors.UnsupportedOperation: Verdict.REFUSE,
    errors.GuardRefused: Verdict.STOP_RUN,
    errors.InvalidCredential: Verdict.REFUSE,
    errors.PasswordExpired: Verdict.REFUSE,
    errors.ConnectionFailed: Verdict.RETRY_LATER,
    errors.ConnectionBroken: Verdict.RETRY_LATER,
    errors.Throttled: Verdict.RETRY_LATER,
    errors.OperationTimeout: Verdict.RETRY_LATER,
    errors.Ambiguous: Verdict.RETRY_LATER,
    errors.ScriptFailed: Verdict.REFUSE,
    errors.ConfigurationInvalid: Verdict.STOP_RUN,
    errors.AccessRefused: Verdict.STOP_RUN,
}


def _tree(error: type[ConnectorError], depth: int = 0) -> Iterator[tuple[int, str]]:
    yield depth, error.__name__
    for child in error.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _tree(child, depth + 1)


def _leaves() -> set[type[ConnectorError]]:
    found = {getattr(errors, name) for _, name in _tree(ConnectorError)}
    return {each for each in found if not any(one is not each and issubclass(one, each) for one in found)}


def test_every_leaf_has_its_verdict() -> None:
    """
    Nobody can add an error without saying what a caller should do about it.
    """
    assert VERDICTS == {leaf: leaf.verdict for leaf in _leaves()}


def test_the_tree_is_drawn_as_it_is() -> None:
    """
    The picture at the top of the file shows every class at its place, in order.
    """
    drawn = [
        (len(found.group(1)) // 4, found.group(2))
        for line in (errors.__doc__ or "").splitlines()
        if (found := re.match(r" {4}((?:[│├└─ ]{4})*)([A-Z]\w+)", line))
    ]

    assert list(_tree(ConnectorError)) == drawn


@pytest.mark.parametrize("error", VERDICTS)
def test_an_error_is_its_message(error: type[ConnectorError]) -> None:
    """
    Every error prints its message and starts without a tracking id.
    """
    made = error("what happened")

    assert ("what happened", "what happened", None) == (str(made), made.message, made.tracking_id)
