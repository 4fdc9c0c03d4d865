"""
Whose budget a configuration uses: that of its application at its service, however both are written.
"""

from typing import Any

import pytest

from webex_connector.base.clock import SystemClock
from webex_connector.connector.budgets import budgets_of
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf.configuration import configured
from webex_connector.webex.budget import MemoryBudget
from webex_connector.webex.pace import Budget

OAUTH: dict[str, Any] = {"clientId": "a", "clientSecret": "s", "refreshToken": "r"}
PASTED: dict[str, Any] = {"authenticationMethod": "TOKEN", "authToken": "t"}
BASIC: dict[str, Any] = {"authenticationMethod": "BASIC", "login": "l", "password": "p"}


def budget_named(properties: dict[str, Any]) -> str:
    """
    The name of the budget for reads.
    """
    asked: list[str] = []

    def budget(name: str) -> Budget:
        asked.append(name)
        return MemoryBudget(SystemClock())

    budgets = budgets_of(configured(PROPERTIES, properties), budget)
    assert budgets is not None
    budgets("read")
    return asked[0]


@pytest.mark.parametrize(
    "other",
    [
        {"environment": "COMMERCIAL"},
        {"serviceUri": "https://webexapis.com/v1"},
        {"serviceUri": "https://webexapis.com/v1/"},
        {"serviceUri": "https://WebexAPIs.com:443/v1"},
        {"clientSecret": "rotated", "refreshToken": "another"},
        {"authToken": "left over", "login": "left over"},
    ],
)
def test_the_same_application_shares_a_budget(other: dict[str, Any]) -> None:
    """
    Two processes that are configured in other words still spend of the same.
    """
    assert budget_named(OAUTH) == budget_named({**OAUTH, **other})


@pytest.mark.parametrize(
    "other",
    [
        {**OAUTH, "environment": "GOVERNMENT"},
        {**OAUTH, "serviceUri": "https://webexapis.com/v2"},
        {**OAUTH, "clientId": "b"},
        PASTED,
        BASIC,
    ],
)
def test_others_have_a_budget_of_their_own(other: dict[str, Any]) -> None:
    """
    Another cloud, another application, another way to log in.
    """
    assert budget_named(OAUTH) != budget_named(other)


@pytest.mark.parametrize(("one", "change"), [(PASTED, {"authToken": "u"}), (BASIC, {"login": "m"})])
def test_without_an_application_the_log_in_counts(one: dict[str, Any], change: dict[str, str]) -> None:
    """
    A token, or a name.
    """
    assert budget_named(one) != budget_named({**one, **change})
    assert budget_named(one) == budget_named({**one, "clientId": "left over"})


def test_the_name_of_a_budget_tells_nothing() -> None:
    """
    It stands in a database.
    """
    assert "s3cret" not in budget_named({**PASTED, "authToken": "s3cret"})


def test_without_a_shared_budget_there_is_none_to_name() -> None:
    """
    The connector then takes it that it is alone.
    """
    assert budgets_of(configured(PROPERTIES, OAUTH), None) is None
