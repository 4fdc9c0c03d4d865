"""
Facts about object classes, and what is derived from handlers.
"""

import pytest

from fakes.memory_connector import MemoryConnector
from fakes.memory_schema import ACCOUNT_INFO, LICENSES, ROLES
from webex_connector.icf import names
from webex_connector.icf.errors import UnknownAttribute, UnknownObjectClass
from webex_connector.icf.operations import schema_of
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo, Operation


def test_attributes_are_found_in_any_case() -> None:
    """
    `LASTNAME` is the attribute `lastName`, and the reserved names are attributes too.
    """
    assert "lastName" == ACCOUNT_INFO.attribute("LASTNAME").name
    assert names.UID == ACCOUNT_INFO.attribute("__uid__").name
    assert ACCOUNT_INFO.has("__name__")
    assert not ACCOUNT_INFO.has("surname")


def test_an_unknown_attribute_names_the_closest() -> None:
    """
    Somebody who misspelt an attribute reads which one was meant.
    """
    with pytest.raises(UnknownAttribute, match=r"did you mean displayName\?") as refusal:
        ACCOUNT_INFO.attribute("dispalyName")

    assert "dispalyName" == refusal.value.attribute


def test_the_uid_is_never_written_and_the_name_as_its_attribute() -> None:
    """
    `__UID__` is read-only; `__NAME__` is written where the attribute behind it is.
    """
    nameless = ObjectClassInfo("X", "", (AttributeInfo("a", ""),))

    assert not ACCOUNT_INFO.attribute(names.UID).writable
    assert ACCOUNT_INFO.attribute(names.NAME).writable
    assert not nameless.attribute(names.NAME).writable


def test_an_attribute_cannot_be_declared_twice() -> None:
    """
    Two attributes that differ in case, or one called as a reserved name, are a mistake of the connector.
    """
    for twice in ("A", "__uid__"):
        with pytest.raises(ValueError, match="declares an attribute twice"):
            ObjectClassInfo("X", "", (AttributeInfo("a", ""), AttributeInfo(twice, "")))


def test_operations_are_what_handlers_implement() -> None:
    """
    The schema promises of each object class what its handler can do, bulk only where there is bulk.
    """
    writing = {Operation.CREATE, Operation.UPDATE, Operation.DELETE, Operation.GET, Operation.SEARCH}

    plain, bulk = schema_of(MemoryConnector()), schema_of(MemoryConnector(bulk=True))

    assert writing == plain.operations[names.ACCOUNT]
    assert writing | {Operation.BULK} == bulk.operations[names.GROUP]
    assert {Operation.GET, Operation.SEARCH} == plain.operations[ROLES] == plain.operations[LICENSES]
    assert not plain.operations[names.ALL]
    assert [names.ACCOUNT, names.GROUP, ROLES, LICENSES, names.ALL] == [each.name for each in plain.object_classes]


def test_an_unknown_object_class_names_those_there_are() -> None:
    """
    An object class is found in any case; an unknown one is refused with the list of what there is.
    """
    schema = schema_of(MemoryConnector())

    assert ACCOUNT_INFO is schema.object_class("__account__")
    with pytest.raises(UnknownObjectClass, match=r"__PERSON__.*__ACCOUNT__, __GROUP__"):
        schema.object_class("__PERSON__")
