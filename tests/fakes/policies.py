"""
Provisioning policies before a connector, in tests.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from webex_connector.base.clock import Clock
from webex_connector.connector.control_hub.account import account_info
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.values import Expression
from webex_connector.icf.operations import Connector
from webex_connector.policy.connector import WithPolicies
from webex_connector.policy.judging import Rules, shape_of
from webex_connector.policy.provisioning import Policy


def holding(text: str) -> Expression:
    """
    Return a condition.
    """
    return Expression(text, "settings.toml:1")


@asynccontextmanager
async def with_policies(
    policies: Sequence[Policy],
    clock: Clock,
    *,
    tables: Mapping[str, Mapping[str, str]] | None = None,
    by_template: tuple[str, ...] = (),
) -> AsyncIterator[Callable[[Connector], Connector]]:
    """
    Yield what puts the policies before a connector.
    """
    expressions = Expressions(tables or {}, workers=1)
    try:
        rules = await Rules.of(policies, shape_of(account_info()), expressions)
        yield lambda connector: WithPolicies(connector, rules, clock, by_template)
    finally:
        await expressions.aclose()
