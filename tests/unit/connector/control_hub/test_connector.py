"""
The connector as a whole: its object classes. What its test finds is in `diagnosis`.
"""

from collections.abc import Iterator

from fakes.hub import Hub
from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, Operation

READING = frozenset({Operation.GET, Operation.SEARCH})
WRITING = frozenset({Operation.CREATE, Operation.UPDATE, Operation.DELETE})


async def test_object_classes_come_in_the_order_of_openicf_with_what_they_can_do(hub: Hub) -> None:
    """
    Accounts and groups are written and followed, roles and licences only read; `__ALL__` is there for following alone.
    """
    assert [
        (names.GROUP, READING | WRITING | {Operation.SYNC}),
        (names.ACCOUNT, READING | WRITING | {Operation.BULK, Operation.SYNC}),
        ("ROLES", READING),
        (names.ALL, frozenset({Operation.SYNC})),
        ("LICENSES", READING),
    ] == list(hub.facade.schema.operations.items())


async def test_whatever_an_attribute_refers_to_is_there(hub: Hub) -> None:
    """
    References lead to object classes, companions to attributes of the same class, and everything has help.
    """
    schema = hub.facade.schema
    for info in schema.object_classes:
        for fact in _with_parts(info.attributes):
            assert fact.help.endswith("."), fact
            assert fact.refers_to in {None, *schema.operations}
            assert all(info.has(other) for other in (*fact.requires, *fact.excludes))


def _with_parts(facts: tuple[AttributeInfo, ...]) -> Iterator[AttributeInfo]:
    for fact in facts:
        yield fact
        yield from _with_parts(fact.fields)
