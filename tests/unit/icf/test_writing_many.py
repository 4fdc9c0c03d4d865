"""
Many changes at once: one outcome for each, with bulk and without.
"""

from collections.abc import Sequence

import pytest

from fakes.memory_connector import BulkHandler, MemoryConnector, WritingHandler, person, staff
from fakes.memory_schema import ACCOUNT_INFO
from fakes.ports import MemoryJournal, OpenGuard, RefusingGuard
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, replaced
from webex_connector.icf.errors import (
    AlreadyExists,
    Ambiguous,
    ConnectionBroken,
    GuardRefused,
    InvalidAttributeValue,
    UnknownUid,
)
from webex_connector.icf.facade import Facade
from webex_connector.icf.limits import Limits
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.ports import Done, Failed
from webex_connector.icf.schema import Operation

OPTIONS = OperationOptions()


def create(name: str) -> ChangeRequest:
    """
    Return the change that makes a person.
    """
    attributes = {"displayName": (name,), "emails": (f"{name}@example.com",), "licenses": ("Lic-messaging",)}
    return ChangeRequest(Change.CREATE, attributes=attributes)


def retitle(uid: str) -> ChangeRequest:
    """
    Return the change of a person's title.
    """
    return ChangeRequest(Change.UPDATE, uid, deltas=(replaced("title", "Head"),))


def delete(uid: str) -> ChangeRequest:
    """
    Return the change that removes a person.
    """
    return ChangeRequest(Change.DELETE, uid)


class Office:
    """
    A connector with five people, with bulk or without.
    """

    def __init__(
        self,
        *,
        bulk: bool = False,
        guard: OpenGuard | None = None,
        limits: Limits | None = None,
        handler: type[WritingHandler] | None = None,
    ) -> None:
        self.connector = MemoryConnector(bulk=bulk)
        staff(self.connector, 5)
        self.people = self.connector.world[names.ACCOUNT]
        if handler is not None:
            made = handler(ACCOUNT_INFO, self.people, self.connector.traits, self.connector.traffic)
            self.connector._handlers[names.ACCOUNT] = made
        self.journal = MemoryJournal()
        self.facade = Facade(
            "office",
            self.connector,
            journal=self.journal,
            guard=guard or OpenGuard(),
            clock=VirtualClock(),
            cookie_key=b"key",
            limits=limits,
        )

    async def apply(self, *changes: ChangeRequest, options: OperationOptions = OPTIONS) -> list[ChangeOutcome]:
        """
        Make changes of people.
        """
        return await self.facade.apply_many(names.ACCOUNT, changes, options)


class Forgetful(WritingHandler):
    """
    The answer to a create is lost after its effect.
    """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Add a row and lose the answer.
        """
        await super().create(attributes, options)
        raise Ambiguous("the answer was lost")


class BreakingBulk(BulkHandler):
    """
    The connection breaks while a bulk is being made.
    """

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make half the changes and break.
        """
        await super().apply_many(changes[: len(changes) // 2], options)
        raise ConnectionBroken("half-way")


class DoubtfulBulk(BulkHandler):
    """
    Of the first change nobody knows how it ended.
    """

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make the changes but the first.
        """
        doubt = ChangeOutcome(Fate.AMBIGUOUS, error=Ambiguous("who knows", tracking_id="T-1"))
        return [doubt, *await super().apply_many(changes[1:], options)]


class WatchedBulk(BulkHandler):
    """
    A bulk that remembers its options.
    """

    options: OperationOptions | None = None

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make the changes, watched.
        """
        self.options = options
        return await super().apply_many(changes, options)


@pytest.mark.parametrize("bulk", [True, False], ids=["bulk", "one by one"])
async def test_each_change_has_its_outcome(*, bulk: bool) -> None:
    """
    One that fails does not keep the others from happening; outcomes come in the order of the changes.
    """
    office = Office(bulk=bulk)

    outcomes = await office.apply(
        create("zoe"),
        retitle("P-0001"),
        create("person2"),
        delete("P-0009"),
        ChangeRequest(Change.CREATE, attributes={}),
        delete("P-0002"),
    )

    fates = [Fate.DONE, Fate.DONE, Fate.REFUSED, Fate.REFUSED, Fate.REFUSED, Fate.DONE]
    errors = [type(None), type(None), AlreadyExists, UnknownUid, InvalidAttributeValue, type(None)]
    assert fates == [each.fate for each in outcomes]
    assert errors == [type(each.error) for each in outcomes]
    assert [each.fate is Fate.DONE for each in outcomes] == [each.result is not None for each in outcomes]
    assert "Head" == office.people["P-0001"]["title"]
    assert "zoe" == office.people[(outcomes[0].result or WriteResult("none")).uid or "none"]["displayName"]
    assert "P-0002" not in office.people


@pytest.mark.parametrize("bulk", [True, False], ids=["bulk", "one by one"])
async def test_each_change_has_its_journal_entry(*, bulk: bool) -> None:
    """
    Everything that left is journalled with its own end; what was refused before is not.
    """
    office = Office(bulk=bulk)

    await office.apply(retitle("P-0001"), ChangeRequest(Change.UPDATE), delete("P-0009"))

    ends = {entry.intent.uid: entry.end for entry in office.journal.entries}
    assert {"P-0001", "P-0009"} == ends.keys()
    assert isinstance(ends["P-0001"], Done)
    assert Failed("UnknownUid", "__ACCOUNT__ P-0009 does not exist") == ends["P-0009"]


async def test_bulk_is_one_call() -> None:
    """
    Where the target has bulk, a hundred changes are one call; where it has not, each is its own.
    """
    changes = [create(f"new{number}") for number in range(100)]
    bulk, single = Office(bulk=True), Office()

    await bulk.apply(*changes)
    await single.apply(*changes)

    assert 1 == bulk.connector.traffic.calls["bulk"]
    assert 100 == single.connector.traffic.calls["create"]
    assert len(bulk.people) == len(single.people) == 105


@pytest.mark.parametrize("bulk", [True, False], ids=["bulk", "one by one"])
async def test_no_changes_are_no_outcomes(*, bulk: bool) -> None:
    """
    An empty list of changes asks for nothing.
    """
    office = Office(bulk=bulk)

    assert [] == await office.apply()
    assert not office.connector.traffic.calls


async def test_a_lost_answer_is_an_ambiguous_outcome() -> None:
    """
    What may have happened is neither done nor refused, and the next change is tried.
    """
    office = Office(handler=Forgetful)

    lost, done = await office.apply(create("zoe"), retitle("P-0001"))

    assert (Fate.AMBIGUOUS, Fate.DONE) == (lost.fate, done.fate)
    assert isinstance(lost.error, Ambiguous)


async def test_changes_after_the_end_of_the_run_are_not_tried() -> None:
    """
    Once an error says that no request of the run will succeed, the rest is refused without being sent.
    """
    office = Office(guard=RefusingGuard(2), limits=Limits(concurrent=1))

    outcomes = await office.apply(*(delete(f"P-{number:04}") for number in range(1, 6)), retitle("P-0005"))

    assert [Fate.DONE] * 2 + [Fate.REFUSED] * 4 == [each.fate for each in outcomes]
    assert all(isinstance(each.error, GuardRefused) for each in outcomes[2:])
    assert ["P-0003", "P-0004", "P-0005"] == list(office.people)
    assert "title" not in office.people["P-0005"]
    assert {"delete": 2} == dict(office.connector.traffic.calls)


async def test_in_bulk_the_guard_is_asked_for_each() -> None:
    """
    Of five deletes in bulk two are permitted; the others are refused and never sent.
    """
    office = Office(bulk=True, guard=RefusingGuard(2))

    outcomes = await office.apply(*(delete(f"P-{number:04}") for number in range(1, 6)))

    assert [Fate.DONE] * 2 + [Fate.REFUSED] * 3 == [each.fate for each in outcomes]
    assert ["P-0003", "P-0004", "P-0005"] == list(office.people)
    assert 2 == len(office.journal.entries)


async def test_a_bulk_that_breaks_is_ambiguous_for_each() -> None:
    """
    When a bulk breaks in the middle nobody takes any of its changes for undone.
    """
    office = Office(handler=BreakingBulk)

    with pytest.raises(ConnectionBroken):
        await office.apply(delete("P-0001"), delete("P-0002"))

    assert [Failed("ConnectionBroken", ambiguous=True)] * 2 == [entry.end for entry in office.journal.entries]
    assert "P-0001" not in office.people


async def test_an_ambiguous_change_in_bulk_is_journalled_as_such() -> None:
    """
    Its neighbours are done; of this one the journal says that nobody knows.
    """
    office = Office(handler=DoubtfulBulk)

    outcomes = await office.apply(delete("P-0001"), retitle("P-0002"))

    assert [Fate.AMBIGUOUS, Fate.DONE] == [each.fate for each in outcomes]
    doubtful, done = (entry.end for entry in office.journal.entries)
    assert Failed("Ambiguous", "who knows", "T-1", ambiguous=True) == doubtful
    assert isinstance(done, Done)


@pytest.mark.parametrize("bulk", [True, False], ids=["bulk", "one by one"])
async def test_a_dry_run_of_many_changes_nothing(*, bulk: bool) -> None:
    """
    Dry changes come back with what was withheld; nothing is written, journalled or permitted.
    """
    office = Office(bulk=bulk, guard=RefusingGuard(0))

    outcomes = await office.apply(
        create("zoe"),
        delete("P-0001"),
        delete("P-0009"),
        options=OperationOptions(dry_run=True),
    )

    assert [Fate.DONE, Fate.DONE, Fate.REFUSED] == [each.fate for each in outcomes]
    assert all(each.result is not None and each.result.withheld for each in outcomes[:2])
    assert {f"P-{number:04}": person(number) for number in range(1, 6)} == office.people
    assert [] == office.journal.entries


async def test_a_bulk_knows_its_deadline() -> None:
    """
    The time limit of bulk reaches the connector as a deadline.
    """
    office = Office(handler=WatchedBulk, limits=Limits(seconds={Operation.BULK: 60}))

    await office.apply(retitle("P-0001"))

    handler = office.connector.handlers[names.ACCOUNT]
    assert isinstance(handler, WatchedBulk)
    assert handler.options is not None
    assert 60 == handler.options.deadline
