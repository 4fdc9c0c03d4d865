"""
Provisioning policies made ready before a system is opened.
"""

from collections.abc import Mapping

from webex_connector.app.connectors import KINDS
from webex_connector.app.retirements import StoredRetirements
from webex_connector.app.settings import Settings, SystemSettings
from webex_connector.base.clock import Clock
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.errors import ExpressionsInvalid
from webex_connector.icf import names
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.icf.operations import Connector
from webex_connector.policy.connector import WithPolicies
from webex_connector.policy.judging import Rules, shape_of
from webex_connector.store.engine import Database
from webex_connector.store.retirements import RetirementTable


async def rules_of(settings: Settings, expressions: Expressions) -> Mapping[str, Rules]:
    """
    Return the policies of the systems that have any, by the system's name.

    Raises ConfigurationInvalid with everything that is wrong with their expressions, each with its place.
    """
    found: dict[str, Rules] = {}
    wrong: list[str] = []
    for each in settings.systems.values():
        if each.policies:
            told = KINDS[each.connector].schema
            if told is None:
                wrong.append(
                    f"{each.name}: policies are for Webex, and what {each.connector} connects is another system"
                )
                continue
            shape = shape_of(told(each.configuration, settings.certificates).object_class(names.ACCOUNT))
            try:
                found[each.name] = await Rules.of(each.policies, shape, expressions)
            except ExpressionsInvalid as problem:
                wrong.append(str(problem))
    if wrong:
        raise ConfigurationInvalid("Policies are wrong:\n" + "\n".join(wrong))
    return found


def with_policies(
    each: SystemSettings, connector: Connector, rules: Mapping[str, Rules], clock: Clock, database: Database
) -> Connector:
    """
    Return the connector with the system's policies in front of it; as it is when it has none.
    """
    mine = rules.get(each.name)
    if mine is None:
        return connector
    retirements = StoredRetirements(RetirementTable(database, clock, each.name))
    return WithPolicies(connector, mine, clock, each.templates, retirements)
