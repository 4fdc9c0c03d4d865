"""
Local attributes in tests: a table in memory, and what stands before a connector.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, replaced
from webex_connector.icf.contract.checks import Check
from webex_connector.icf.contract.subject import Alteration, Subject
from webex_connector.icf.operations import Connector
from webex_connector.icf.schema import Operation
from webex_connector.mirror.connector import WithLocalAttributes
from webex_connector.store.engine import Database, in_memory
from webex_connector.store.local_attributes import LocalValues
from webex_connector.store.migrating import migrate

LOCAL_OF = {names.GROUP: "group_external_id", names.ACCOUNT: "externalId"}
"""
A local attribute of each object class that has any.
"""


@contextmanager
def empty_database() -> Iterator[Database]:
    """
    Have a database in memory while the block runs.
    """
    database = in_memory()
    migrate(database, None)
    try:
        yield database
    finally:
        database.close()


def beside(connector: Connector, database: Database) -> WithLocalAttributes:
    """
    Put local attributes beside a connector's own.
    """
    return WithLocalAttributes(connector, "webex", LocalValues(database))


def with_local_values(subject: Subject, check: Check) -> Subject:
    """
    Return a subject whose new objects have a local value, and whose alteration is one, except where the target has to
    tell of it: it cannot tell of what it does not hold.
    """
    attribute = LOCAL_OF.get(subject.object_class)
    if attribute is None or not subject.info.attribute(attribute).local:
        return subject
    plain = subject.described

    def fresh() -> Attributes:
        return {**plain(), attribute: ("Ext-É 1",)}

    mine = Alteration(replaced(attribute, "Ext-É 2"), ("Ext-É 2",))
    return replace(subject, fresh=fresh, alteration=subject.alteration if Operation.SYNC in check.needs else mine)
