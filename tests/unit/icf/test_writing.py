"""
Every write: refused early, journalled before and after, asked of the guard when it destroys.
"""

import asyncio
from collections.abc import Sequence

import pytest

from fakes.memory_connector import MemoryConnector, WritingHandler, staff
from fakes.memory_schema import ACCOUNT_INFO
from fakes.ports import MemoryJournal, OpenGuard, RefusingGuard
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, added, removed, replaced
from webex_connector.icf.errors import (
    Ambiguous,
    ConnectionFailed,
    ConnectorError,
    GuardRefused,
    InvalidAttributeValue,
    InvalidInput,
    Throttled,
    UnknownUid,
    UnsupportedOperation,
)
from webex_connector.icf.facade import Facade
from webex_connector.icf.limits import Limits
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import Change
from webex_connector.icf.options import Actor, OperationOptions
from webex_connector.icf.ports import Destruction, Done, Failed, Harm, Intent
from webex_connector.icf.schema import Operation

ACTOR = Actor("hr", "scim")
OPTIONS = OperationOptions(actor=ACTOR)
NEW: Attributes = {"displayName": ("Zoë",), "emails": ("zoe@example.com",), "licenses": ("Lic-messaging",)}


class Diary(MemoryJournal):
    """
    A journal that writes down what it did among other events, and can be broken.
    """

    def __init__(self, events: list[str]) -> None:
        super().__init__()
        self.events = events
        self.broken = False

    async def begin(self, intent: Intent) -> str:
        """
        Add an entry, or fail.
        """
        if self.broken:
            raise OSError("disk full")
        self.events.append(f"begin {intent.change.value}")
        return await super().begin(intent)

    async def end(self, key: str, end: Done | Failed) -> None:
        """
        Complete an entry.
        """
        self.events.append(f"end {type(end).__name__}")
        await super().end(key, end)


class Watched(WritingHandler):
    """
    People whose writes are events too; an error may be planted before or after the effect.
    """

    events: list[str]
    before: Exception | None = None
    afterwards: Exception | None = None
    options: OperationOptions | None = None
    unread: ConnectorError | None = None
    tells: bool = True
    shown: bool | None = None

    async def held(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject | None:
        """
        Show everybody as `shown` says, as a copy might; nobody when it says nothing.
        """
        return None if self.shown is None else ConnectorObject(names.ACCOUNT, uid, None, {names.ENABLE: (self.shown,)})

    async def answered(
        self, native: object, wanted: frozenset[str], resume: str | None, options: OperationOptions
    ) -> None:
        """
        Leave every search to the target.
        """

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read somebody from the target itself, if it can be read; not whether they are enabled when `tells` is false.
        """
        assert options.live
        if self.unread is not None:
            raise self.unread
        found = await super().get(uid, wanted, options)
        return found if self.tells else found.only(frozenset())

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Add a row, watched.
        """
        self.events.append("create")
        self.options = options
        if self.before is not None:
            raise self.before
        result = await super().create(attributes, options)
        if self.afterwards is not None:
            raise self.afterwards
        return result


class Office:
    """
    A connector with three people, a facade before it, and everything that may be looked at.
    """

    def __init__(self, guard: OpenGuard | None = None, limits: Limits | None = None) -> None:
        self.events: list[str] = []
        self.connector = MemoryConnector()
        staff(self.connector, 3)
        self.people = self.connector.world[names.ACCOUNT]
        self.handler = Watched(ACCOUNT_INFO, self.people, self.connector.traits, self.connector.traffic)
        self.handler.events = self.events
        self.connector._handlers[names.ACCOUNT] = self.handler
        self.journal = Diary(self.events)
        self.guard = guard or OpenGuard()
        self.facade = Facade(
            "office",
            self.connector,
            journal=self.journal,
            guard=self.guard,
            clock=VirtualClock(),
            cookie_key=b"key",
            limits=limits,
        )


async def test_a_write_is_journalled_before_and_after() -> None:
    """
    The intent stands in the journal before the target is asked, the result after it answered.
    """
    office = Office()

    result = await office.facade.create("__account__", NEW, OPTIONS)

    assert ["begin create", "create", "end Done"] == office.events
    (entry,) = office.journal.entries
    assert Intent("office", names.ACCOUNT, Change.CREATE, ACTOR, None, dict(NEW), ()) == entry.intent
    assert Done(result) == entry.end
    assert result.uid in office.people


async def test_the_journal_says_whom_and_what() -> None:
    """
    Updates and deletes are journalled with uid and canonical changes.
    """
    office = Office()

    await office.facade.update(names.ACCOUNT, "P-0001", [added("TITLE", "Head")], OPTIONS)
    await office.facade.delete(names.ACCOUNT, "P-0001", OPTIONS)

    intents = [entry.intent for entry in office.journal.entries]
    assert [(Change.UPDATE, "P-0001", (replaced("title", "Head"),)), (Change.DELETE, "P-0001", ())] == [
        (each.change, each.uid, each.deltas) for each in intents
    ]
    assert all(isinstance(entry.end, Done) for entry in office.journal.entries)


async def test_what_cannot_be_journalled_is_not_written() -> None:
    """
    When the journal fails nothing leaves, since nobody could tell later.
    """
    office = Office()
    office.journal.broken = True

    with pytest.raises(OSError, match="disk full"):
        await office.facade.create(names.ACCOUNT, NEW, OPTIONS)

    assert [] == office.events
    assert 3 == len(office.people)


@pytest.mark.parametrize(
    ("error", "ambiguous"),
    [
        (Throttled("wait", tracking_id="T-1"), False),
        (Ambiguous("who knows", tracking_id="T-2"), True),
    ],
)
async def test_a_failed_write_is_journalled_as_failed(error: ConnectorError, *, ambiguous: bool) -> None:
    """
    The journal keeps reason and tracking id, and whether the write may have happened; the caller gets the error.
    """
    office = Office()
    office.handler.before = error

    with pytest.raises(type(error)):
        await office.facade.create(names.ACCOUNT, NEW, OPTIONS)

    expected = Failed(type(error).__name__, error.message, error.tracking_id, ambiguous=ambiguous)
    assert expected == office.journal.entries[0].end


async def test_a_write_broken_in_the_middle_is_ambiguous() -> None:
    """
    An error that nobody foresaw, after the effect, is never journalled as "nothing happened".
    """
    office = Office()
    office.handler.afterwards = KeyError("bug")

    with pytest.raises(KeyError):
        await office.facade.create(names.ACCOUNT, NEW, OPTIONS)

    assert Failed("KeyError", ambiguous=True) == office.journal.entries[0].end
    assert 4 == len(office.people)


async def test_a_cancelled_write_is_ambiguous() -> None:
    """
    A caller who goes away while the target works leaves an entry that says so, and stays cancelled.
    """
    office = Office()
    office.connector.traits.seconds = 5
    writing = asyncio.create_task(office.facade.create(names.ACCOUNT, NEW, OPTIONS))
    await asyncio.sleep(1)

    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    assert Failed("CancelledError", ambiguous=True) == office.journal.entries[0].end


@pytest.mark.parametrize(
    ("object_class", "attributes", "error"),
    [
        (names.ACCOUNT, {**NEW, "locationId": ("L-1",)}, InvalidAttributeValue),
        (names.ACCOUNT, {"displayName": ("x",)}, InvalidAttributeValue),
        (names.ACCOUNT, {**NEW, "surname": ("x",)}, InvalidInput),
        ("ROLES", {"name": ("x",)}, UnsupportedOperation),
    ],
)
async def test_wrong_input_is_no_intent(
    object_class: str,
    attributes: Attributes,
    error: type[ConnectorError],
) -> None:
    """
    What is refused before it could leave is neither journalled nor sent.
    """
    office = Office()

    with pytest.raises(error):
        await office.facade.create(object_class, attributes, OPTIONS)

    assert [] == office.events
    assert 3 == len(office.people)


async def test_a_change_of_no_uid_is_refused() -> None:
    """
    An empty uid means nobody, never everybody.
    """
    office = Office()

    with pytest.raises(InvalidInput, match="needs the uid"):
        await office.facade.update(names.ACCOUNT, "", [replaced("title", "x")], OPTIONS)
    with pytest.raises(InvalidInput, match="needs the uid"):
        await office.facade.delete(names.ACCOUNT, "", OPTIONS)

    assert [] == office.journal.entries
    assert not office.connector.traffic.calls


@pytest.mark.parametrize(
    ("deltas", "harm"),
    [
        (None, Harm.DELETE),
        ([replaced("__enable__", False)], Harm.DISABLE),  # noqa: FBT003 - the attribute's value
        ([added(names.ENABLE, False)], Harm.DISABLE),  # noqa: FBT003 - the attribute's value
        ([replaced("title", "x"), replaced(names.ENABLE, False)], Harm.DISABLE),  # noqa: FBT003 - the attribute's value
        ([replaced(names.ENABLE)], Harm.DISABLE),
        ([removed(names.ENABLE, True)], Harm.DISABLE),  # noqa: FBT003 - the attribute's value
        ([added(names.ENABLE, True)], None),  # noqa: FBT003 - the attribute's value
        ([replaced(names.ENABLE, True)], None),  # noqa: FBT003 - the attribute's value
        ([replaced("title", "x")], None),
        ([removed("licenses", "Lic-meetings")], None),
    ],
)
async def test_the_guard_is_asked_about_destruction(deltas: Sequence[AttributeDelta] | None, harm: Harm | None) -> None:
    """
    Deleting and disabling are destructive, everything else is not; the guard learns who, whom and why.
    """
    office = Office()

    if deltas is None:
        await office.facade.delete(names.ACCOUNT, "P-0001", OPTIONS)
    else:
        await office.facade.update(names.ACCOUNT, "P-0001", deltas, OPTIONS)

    expected = [] if harm is None else [Destruction("office", names.ACCOUNT, "P-0001", harm, ACTOR)]
    assert expected == office.guard.permitted


async def test_what_the_guard_refuses_is_not_written() -> None:
    """
    A refused destruction leaves the object, no journal entry and no request.
    """
    office = Office(RefusingGuard(1))
    await office.facade.delete(names.ACCOUNT, "P-0001", OPTIONS)

    with pytest.raises(GuardRefused):
        await office.facade.delete(names.ACCOUNT, "P-0002", OPTIONS)
    with pytest.raises(GuardRefused):
        await office.facade.update(names.ACCOUNT, "P-0002", [replaced(names.ENABLE, False)], OPTIONS)  # noqa: FBT003 - the attribute's value

    assert ["P-0002", "P-0003"] == list(office.people)
    assert 1 == len(office.journal.entries)
    assert {"delete": 1} == dict(office.connector.traffic.calls)


DISABLE = [replaced(names.ENABLE, False)]  # noqa: FBT003 - the attribute's value


async def test_who_is_disabled_already_is_not_destroyed_again() -> None:
    """
    A platform that sends all of a person with each change spends its permission once for each leaver whom a copy shows;
    for somebody who was enabled since, once more. The write is made and journalled all the same.
    """
    office = Office()
    await office.facade.update(names.ACCOUNT, "P-0001", DISABLE, OPTIONS)
    office.handler.shown = False

    for _ in range(5):
        await office.facade.update(names.ACCOUNT, "P-0001", [*DISABLE, replaced("title", "Boss")], OPTIONS)
    assert 1 == len(office.guard.permitted)
    await office.facade.update(names.ACCOUNT, "P-0001", [replaced(names.ENABLE, True)], OPTIONS)  # noqa: FBT003 - the attribute's value
    await office.facade.update(names.ACCOUNT, "P-0001", DISABLE, OPTIONS)

    assert 2 == len(office.guard.permitted)
    assert 8 == len(office.journal.entries)


async def test_who_cannot_be_told_to_be_disabled_counts() -> None:
    """
    When the target does not answer, or does not say whether somebody is enabled, disabling is a destruction.
    """
    office = Office()
    await office.facade.update(names.ACCOUNT, "P-0001", DISABLE, OPTIONS)
    office.handler.shown = False

    office.handler.unread = ConnectionFailed("no answer")
    await office.facade.update(names.ACCOUNT, "P-0001", DISABLE, OPTIONS)
    assert 2 == len(office.guard.permitted)

    office.handler.unread = None
    await office.facade.update(names.ACCOUNT, "P-0001", DISABLE, OPTIONS)
    assert 2 == len(office.guard.permitted)
    office.handler.tells = False
    await office.facade.update(names.ACCOUNT, "P-0001", DISABLE, OPTIONS)
    assert 3 == len(office.guard.permitted)


@pytest.mark.parametrize("shown", [None, True])
async def test_the_target_is_not_asked_whom_no_copy_shows_disabled(*, shown: bool | None) -> None:
    """
    A look would be a request for each who leaves.
    """
    office = Office()
    office.handler.shown = shown
    await office.facade.update(names.ACCOUNT, "P-0001", DISABLE, OPTIONS)

    assert 1 == len(office.guard.permitted)
    assert "get" not in office.connector.traffic.calls


async def test_a_dry_run_is_neither_journalled_nor_guarded() -> None:
    """
    A dry run is refused as the real one would be by the schema, spends no permission and writes nothing down.
    """
    office = Office(RefusingGuard(0))
    dry = OperationOptions(actor=ACTOR, dry_run=True)

    created = await office.facade.create(names.ACCOUNT, NEW, dry)
    deleted = await office.facade.delete(names.ACCOUNT, "P-0001", dry)
    with pytest.raises(InvalidAttributeValue):
        await office.facade.create(names.ACCOUNT, {}, dry)
    with pytest.raises(UnknownUid):
        await office.facade.delete(names.ACCOUNT, "P-0009", dry)

    assert (None, ("create __ACCOUNT__",)) == (created.uid, created.withheld)
    assert ("P-0001", ("delete __ACCOUNT__ P-0001",)) == (deleted.uid, deleted.withheld)
    assert [] == office.journal.entries
    assert 3 == len(office.people)


async def test_a_write_knows_its_deadline(clock: VirtualClock) -> None:
    """
    The time limit of a create reaches the connector as a deadline.
    """
    office = Office(limits=Limits(seconds={Operation.CREATE: 5}))
    await clock.sleep(1)

    await office.facade.create(names.ACCOUNT, NEW, OPTIONS)

    assert office.handler.options is not None
    assert 6 == office.handler.options.deadline
