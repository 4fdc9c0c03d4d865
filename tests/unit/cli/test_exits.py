"""
Exit codes: complete, and different where scripts have to act differently.
"""

import inspect

import pytest

from webex_connector.cli.exits import EXITS, MEANINGS, Exit, exit_of, sentence_of
from webex_connector.icf import errors

ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.ConnectorError)]
LEAVES = [kind for kind in ERRORS if not kind.__subclasses__()]


@pytest.mark.parametrize("kind", LEAVES)
def test_every_error_has_an_exit_of_its_group(kind: type[errors.ConnectorError]) -> None:
    """
    Nobody can add an error without saying how a command ends with it.
    """
    assert exit_of(kind("no")) not in {Exit.OK, Exit.FAILED}


def test_every_group_is_told_apart() -> None:
    """
    The groups say what a caller should do, so each has an exit of its own; a person's wrong password is a refusal too.
    """
    groups = set(errors.ConnectorError.__subclasses__())

    assert groups == set(EXITS)
    assert len(groups) - 1 == len(set(EXITS.values()))


def test_every_exit_has_a_meaning() -> None:
    """
    There is no code that the documentation leaves out.
    """
    assert set(Exit) == set(MEANINGS)


def test_a_sentence_has_what_people_need() -> None:
    """
    Message, column, existing id, waiting time and tracking id are all told.
    """
    assert "no (column 3)" == sentence_of(errors.InvalidFilter("no", position=3))
    assert "no (its id is 7) (tracking id T)" == sentence_of(errors.AlreadyExists("no", uid="7", tracking_id="T"))
    assert "no (try again in 12 seconds)" == sentence_of(errors.Throttled("no", retry_after=12.2))
