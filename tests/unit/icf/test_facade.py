"""
The facade: what it refuses, what it hands out, and the abilities a connector may have beside reading and writing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

import pytest

from fakes.memory_connector import BareHandler, MemoryConnector, staff
from fakes.memory_schema import ACCOUNT_INFO
from fakes.memory_subjects import facade_of
from webex_connector.icf import names
from webex_connector.icf.calling import Operations
from webex_connector.icf.errors import (
    InvalidCredential,
    InvalidFilter,
    InvalidInput,
    InvalidOption,
    UnknownAttribute,
    UnknownObjectClass,
    UnknownUid,
    UnsupportedOperation,
)
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING, Filter, Present, equals
from webex_connector.icf.objects import Finding, TestReport, Verdict
from webex_connector.icf.operations import DeltaType, Handler, SyncDelta
from webex_connector.icf.options import OperationOptions, SortKey
from webex_connector.icf.schema import Operation

OPTIONS = OperationOptions()


def office() -> tuple[MemoryConnector, Facade]:
    """
    Return a connector with two people, and its facade.
    """
    connector = MemoryConnector()
    staff(connector, 2)
    return connector, facade_of(connector)


@pytest.mark.parametrize(
    ("node", "options", "error"),
    [
        (equals("surname", "x"), OPTIONS, InvalidFilter),
        (equals("title", 5), OPTIONS, InvalidFilter),
        (EVERYTHING, OperationOptions(attributes_to_get=("surname",)), UnknownAttribute),
        (EVERYTHING, OperationOptions(sort_keys=(SortKey("surname"),)), UnknownAttribute),
        (EVERYTHING, OperationOptions(page_size=-1), InvalidOption),
        (EVERYTHING, OperationOptions(offset=-1), InvalidOption),
        (EVERYTHING, OperationOptions(cookie="x", offset=1), InvalidOption),
        (EVERYTHING, OperationOptions(cookie="x"), InvalidOption),
    ],
)
async def test_a_wrong_search_is_refused_before_it_starts(
    node: Filter,
    options: OperationOptions,
    error: type[InvalidInput],
) -> None:
    """
    A door that streams learns of wrong input before its first byte is sent.
    """
    connector, facade = office()

    with pytest.raises(error):
        facade.search(names.ACCOUNT, node, options)

    assert not connector.traffic.calls


async def test_a_search_reads_nothing_before_it_is_iterated() -> None:
    """
    Making a search costs no request.
    """
    connector, facade = office()

    facade.search(names.ACCOUNT, EVERYTHING, OPTIONS)

    assert not connector.traffic.calls


async def test_a_filter_by_an_unknown_presence_finds_nobody() -> None:
    """
    Asking who has an attribute that does not exist is no mistake, as OpenIDM answers it.
    """
    _, facade = office()

    assert [] == [batch async for batch in facade.search(names.ACCOUNT, Present("surname"), OPTIONS)]


async def test_a_get_hands_out_what_was_asked_for() -> None:
    """
    Names of class and attributes may come in any case; uid and name always come.
    """
    _, facade = office()

    each = await facade.get("__account__", "P-0001", OperationOptions(attributes_to_get=("TITLE", "LastName")))

    assert ("P-0001", "person1@example.com") == (each.uid, each.name)
    assert {"lastName": ("Number 1",)} == each.attributes


@pytest.mark.parametrize(
    "call",
    [
        lambda facade: facade.get("PEOPLE", "x", OPTIONS),
        lambda facade: facade.create("PEOPLE", {}, OPTIONS),
        lambda facade: facade.update("PEOPLE", "x", [], OPTIONS),
        lambda facade: facade.delete("PEOPLE", "x", OPTIONS),
        lambda facade: facade.apply_many("PEOPLE", [], OPTIONS),
        lambda facade: facade.latest_token("PEOPLE", OPTIONS),
        lambda facade: facade.authenticate("PEOPLE", "x", "y", OPTIONS),
    ],
)
async def test_an_unknown_object_class_is_refused(call: Callable[[Facade], Awaitable[object]]) -> None:
    """
    Every operation refuses an object class that the connector has not.
    """
    with pytest.raises(UnknownObjectClass, match="Not found: PEOPLE"):
        await call(facade_of(MemoryConnector()))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda facade: facade.get(names.ALL, "x", OPTIONS), "__ALL__ does not support GET"),
        (lambda facade: facade.latest_token(names.ACCOUNT, OPTIONS), "__ACCOUNT__ does not support SYNC"),
        (lambda facade: facade.authenticate(names.ACCOUNT, "a", "b", OPTIONS), "does not support AUTHENTICATE"),
        (lambda facade: facade.run_script("python", "1", {}, OPTIONS), "memory does not support SCRIPT_ON_CONNECTOR"),
        (lambda facade: facade.discover(), "memory does not support DISCOVER"),
    ],
)
async def test_what_is_not_implemented_is_refused(call: Callable[[Facade], Awaitable[object]], words: str) -> None:
    """
    An ability that a connector has not is refused by name.
    """
    with pytest.raises(UnsupportedOperation, match=words):
        await call(facade_of(MemoryConnector()))


class Bare:
    """
    A connector with given handlers and no abilities of its own.
    """

    def __init__(self, **handlers: Handler) -> None:
        self.handlers: Mapping[str, Handler] = handlers

    async def aclose(self) -> None:
        """
        Hold nothing.
        """


async def test_a_connector_that_cannot_be_tested_says_so() -> None:
    """
    A test is an ability like others.
    """
    with pytest.raises(UnsupportedOperation, match="does not support TEST"):
        await facade_of(Bare()).test(OPTIONS)


async def test_a_test_is_in_order_when_every_finding_is() -> None:
    """
    The report of a test comes through; the first thing that is wrong is its error.
    """
    wrong = TestReport((Finding("token"), Finding("scope", Verdict.NO, "lacks people_write")))

    assert (await office()[1].test(OPTIONS)).ok
    assert (False, "scope: lacks people_write") == (wrong.ok, wrong.error)
    assert TestReport().error is None


class Versatile(BareHandler):
    """
    People who log in and whose changes are told.
    """

    def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Stream the changes after the token.
        """
        return self._changes(int(token or 0))

    async def _changes(self, start: int) -> AsyncIterator[SyncDelta]:
        for number in range(start + 1, 4):
            yield SyncDelta(DeltaType.UPDATE, f"P-{number}", str(number))

    async def latest_token(self, options: OperationOptions) -> str | None:
        """
        Return the last token.
        """
        return "3"

    async def authenticate(self, name: str, password: str, options: OperationOptions) -> str:
        """
        Know one password.
        """
        if password != "right":
            raise InvalidCredential("wrong")
        return f"uid of {name}"


class VersatileConnector(Bare):
    """
    A connector that runs scripts and makes suggestions.
    """

    async def run_script(
        self,
        language: str,
        text: str,
        arguments: Mapping[str, object],
        operations: Operations,
        options: OperationOptions,
    ) -> object:
        """
        Return what it was asked, and through which system.
        """
        return [language, text, dict(arguments), operations.system, options]

    async def discover(self) -> Mapping[str, Sequence[object]]:
        """
        Suggest an address.
        """
        return {"serviceUri": ["https://webexapis.com/v1"]}


def versatile() -> Facade:
    """
    Return a facade of a connector with the rarer abilities.
    """
    memory = MemoryConnector()
    handler = Versatile(ACCOUNT_INFO, {}, memory.traits, memory.traffic)
    return facade_of(VersatileConnector(__ACCOUNT__=handler))


async def test_changes_are_told_from_a_token_on() -> None:
    """
    A sync brings what happened after the token, nothing after the latest one.
    """
    facade = versatile()
    latest = await facade.latest_token("__account__", OPTIONS)

    assert ["P-2", "P-3"] == [each.uid async for each in facade.sync(names.ACCOUNT, "1", OPTIONS)]
    assert [] == [each async for each in facade.sync(names.ACCOUNT, latest, OPTIONS)]
    assert {Operation.SYNC, Operation.AUTHENTICATE} == facade.schema.operations[names.ACCOUNT]


async def test_a_password_is_checked() -> None:
    """
    The right password brings the uid, a wrong one an error.
    """
    assert "uid of anna" == await versatile().authenticate(names.ACCOUNT, "anna", "right", OPTIONS)
    with pytest.raises(InvalidCredential):
        await versatile().authenticate(names.ACCOUNT, "anna", "wrong", OPTIONS)


async def test_scripts_and_suggestions_come_through() -> None:
    """
    What the connector answers is what the caller gets.
    """
    assert ["python", "1 + x", {"x": 1}, "memory", OPTIONS] == await versatile().run_script(
        "python", "1 + x", {"x": 1}, OPTIONS
    )
    assert {"serviceUri": ["https://webexapis.com/v1"]} == await versatile().discover()


async def test_closing_closes_the_connector() -> None:
    """
    The facade lets go of what the connector holds.
    """
    connector, facade = office()

    await facade.aclose()

    assert connector.closed


async def test_a_uid_has_one_spelling() -> None:
    """
    A uid is found by its exact letters only.
    """
    with pytest.raises(UnknownUid):
        await office()[1].get(names.ACCOUNT, "p-0001", OPTIONS)
