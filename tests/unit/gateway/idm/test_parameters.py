"""
The rules of the query string.
"""

import pytest

from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.parameters import Parameters


def test_names_are_known_in_any_case() -> None:
    """
    Our own parameters compare without regard to case, others keep their names.
    """
    given = Parameters([("_QUERYFILTER", "true"), ("Id", "x"), ("_fields", "")])
    assert given.text("_queryFilter") == "true"
    assert given.text("Id") == "x"
    assert given.text("id") is None
    assert given.has("_fields")
    assert given.text("_fields") is None


def test_single_values_are_single() -> None:
    """
    A parameter of ours that comes twice is refused; others may.
    """
    Parameters([("x", "1"), ("x", "2")])
    with pytest.raises(Problem, match="Multiple values provided for the single-valued request parameter '_fields'"):
        Parameters([("_fields", "a"), ("_Fields", "a")])


@pytest.mark.parametrize("name", ["_mimeType", "_api", "_crestapi"])
def test_other_kinds_of_answers_are_not_there(name: str) -> None:
    """
    What would change the kind of answer is refused, not ignored.
    """
    with pytest.raises(Problem) as caught:
        Parameters([(name, "x")])
    assert caught.value.code == 501


@pytest.mark.parametrize(("value", "flag"), [("true", True), ("TRUE", True), ("false", False)])
def test_flags_are_true_or_false(value: str, *, flag: bool) -> None:
    """
    A flag is a word in any case; without one it is false.
    """
    assert Parameters([("_dryRun", value)]).flag("_dryRun") is flag
    assert not Parameters([]).flag("_dryRun")


@pytest.mark.parametrize("value", ["", "1", "yes", "ture"])
def test_a_slip_in_a_flag_does_not_switch_it_off(value: str) -> None:
    """
    What is neither true nor false is refused.
    """
    with pytest.raises(Problem, match="could not be parsed as a valid boolean"):
        Parameters([("_dryRun", value)]).flag("_dryRun")


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "²", "99999999999"])
def test_numbers_are_whole_and_not_negative(value: str) -> None:
    """
    Other numbers are refused with the parameter's name.
    """
    with pytest.raises(Problem, match=r"for parameter '_pageSize' could not be parsed as a valid integer"):
        Parameters([("_pageSize", value)]).number("_pageSize")
    assert Parameters([("_pageSize", "10")]).number("_pageSize") == 10
    assert Parameters([("_pageSize", "")]).number("_pageSize") == 0


def test_exclusive_parameters_exclude_each_other() -> None:
    """
    One of them is found, two are refused.
    """
    assert Parameters([("_queryId", "x")]).only_one_of("_queryFilter", "_queryId") == "_queryId"
    assert Parameters([]).only_one_of("_queryFilter", "_queryId") is None
    with pytest.raises(Problem, match="The parameters _queryFilter and _queryId are mutually exclusive"):
        Parameters([("_queryId", "x"), ("_queryFilter", "true")]).only_one_of("_queryFilter", "_queryId")


def test_unknown_parameters_of_our_form_are_refused_on_request() -> None:
    """
    A misspelt parameter is named together with those there are; a dry run is not missed for want of the underscore.
    """
    Parameters([("_dryRun", "true"), ("source", "x")]).refuse_unknown()
    with pytest.raises(Problem, match="Unknown request parameter '_dryrunn'; there are _action"):
        Parameters([("_dryrunn", "true")]).refuse_unknown()
    for slip in ("dryRun", "dry_run", "dry-run", "_dry_run"):
        with pytest.raises(Problem, match=f"Unknown request parameter '{slip}'; did you mean '_dryRun'"):
            Parameters([(slip, "true")]).refuse_unknown()
