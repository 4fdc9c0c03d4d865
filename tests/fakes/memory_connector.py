"""
A connector whose target is a dictionary: what doors, engine and contract checks are tried on without Webex.

References are plain values: `groups` of a person and `members` of a group do not follow one another.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from fakes.memory_schema import ACCOUNT_INFO, ALL_INFO, GROUP_INFO, LICENSES, LICENSES_INFO, ROLES, ROLES_INFO
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values, after
from webex_connector.icf.errors import AlreadyExists, ConnectionBroken, ConnectorError, UnknownUid
from webex_connector.icf.filters import EVERYTHING, And, Compare, Filter, Operator, conjuncts, matcher
from webex_connector.icf.objects import Batch, ConnectorObject, Finding, TestReport, WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate, Handler, Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.icf.validation import refuse_cleared, refuse_lacking

Row = dict[str, Any]
"""
One object as plain JSON-like data: a list for an attribute of many values, the value itself otherwise.
"""


class Pushdown(Enum):
    """
    Which filters the pretended target evaluates itself.
    """

    NOTHING = "nothing"
    IDENTIFIERS = "equality of uid and name, also as a part of a conjunction"
    EVERYTHING = "everything"


@dataclass(slots=True)
class Traits:
    """
    How the pretended target behaves. A test may change it in mid-run.
    """

    pushdown: Pushdown = Pushdown.NOTHING
    batch_size: int = 100
    totals: bool = False
    """
    Whether batches come with the number of all matches.
    """
    failing_batch: int | None = None
    """
    Which batch of each search, counted from 1, breaks the connection.
    """
    seconds: float = 0.0
    """
    How long each call takes, in virtual seconds.
    """


class Traffic:
    """
    How often the pretended target was called, and by how many at once.
    """

    def __init__(self, traits: Traits) -> None:
        self.calls: Counter[str] = Counter()
        self.busiest = 0
        self._busy = 0
        self._traits = traits

    async def call(self, what: str) -> None:
        """
        Count one call and let its time pass.
        """
        self.calls[what] += 1
        self._busy += 1
        self.busiest = max(self.busiest, self._busy)
        try:
            await asyncio.sleep(self._traits.seconds)
        finally:
            self._busy -= 1


class BareHandler:
    """
    An object class without any ability.
    """

    def __init__(self, info: ObjectClassInfo, rows: dict[str, Row], traits: Traits, traffic: Traffic) -> None:
        self.info = info
        self.rows = rows
        self.traits = traits
        self.traffic = traffic


class ReadingHandler(BareHandler):
    """
    Objects that can be read and looked for.
    """

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read a row.
        """
        await self.traffic.call("get")
        return self.found(uid).only(wanted)

    def translate(self, node: Filter) -> Translation:
        """
        Split a filter as the traits say.
        """
        parts = list(conjuncts(node))
        mine = [part for part in parts if self._pushed(part)]
        rest = [part for part in parts if not self._pushed(part)]
        return Translation(And(tuple(mine)), EVERYTHING if not rest else And(tuple(rest)))

    def _pushed(self, part: Filter) -> bool:
        match self.traits.pushdown:
            case Pushdown.EVERYTHING:
                return True
            case Pushdown.NOTHING:
                return part == EVERYTHING
            case Pushdown.IDENTIFIERS:
                named = {names.UID, names.NAME, self.info.name_attribute}
                equal = isinstance(part, Compare) and part.operator is Operator.EQUALS and part.attribute in named
                return equal or part == EVERYTHING

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream matching rows in the order they were made; the mark is the number of matches passed.
        """
        test = matcher(cast("Filter", native), self.info)
        matching = [uid for uid in self.rows if test(self.found(uid))]
        size = min(self.traits.batch_size, options.page_size or self.traits.batch_size)
        number, start = 0, int(resume or 0)
        more = True
        while more:
            await self.traffic.call("batch")
            number += 1
            if number == self.traits.failing_batch:
                raise ConnectionBroken(f"batch {number} broke", tracking_id="MEMORY_1")
            page = matching[start : start + size]
            start += size
            more = start < len(matching)
            yield Batch(
                [self.found(uid).only(wanted) for uid in page],
                str(start) if more else None,
                len(matching) if self.traits.totals else None,
            )

    def found(self, uid: str) -> ConnectorObject:
        """
        Return a row as an object. Raises UnknownUid.
        """
        row = self.rows.get(uid)
        if row is None:
            raise UnknownUid(f"{self.info.name} {uid} does not exist")
        values = {name: tuple(value) if isinstance(value, list) else (value,) for name, value in row.items()}
        name = next(iter(values.get(self.info.name_attribute or "", ())), None)
        return ConnectorObject(self.info.name, uid, name, values)


class WritingHandler(ReadingHandler):
    """
    Objects that can be made, changed and removed too. Names are unique without regard to case.
    """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Add a row.
        """
        await self.traffic.call("create")
        self._refuse_taken(attributes, None)
        if options.dry_run:
            return WriteResult(None, withheld=(f"create {self.info.name}",))
        self.traffic.calls["rows made"] += 1
        uid = f"{self.info.name.strip('_').capitalize()}-{self.traffic.calls['rows made']:04}"
        self.rows[uid] = self._row(attributes)
        return WriteResult(uid, after=self.found(uid))

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change a row.
        """
        await self.traffic.call("update")
        before = self.found(uid)
        values = dict(before.attributes)
        for delta in deltas:
            values[delta.name] = after(delta, before.values(delta.name))
            refuse_cleared(self.info.attribute(delta.name), values[delta.name])
        present = {name: each for name, each in values.items() if each}
        refuse_lacking(self.info, present)
        self._refuse_taken(present, uid)
        if options.dry_run:
            return WriteResult(uid, before=before, withheld=(f"update {self.info.name} {uid}",))
        self.rows[uid] = self._row(present)
        found = self.found(uid)
        return WriteResult(uid, after=found, before=before, changed=found != before)

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Drop a row.
        """
        await self.traffic.call("delete")
        before = self.found(uid)
        if options.dry_run:
            return WriteResult(uid, after=before, withheld=(f"delete {self.info.name} {uid}",))
        del self.rows[uid]
        return WriteResult(uid, after=before)

    def _refuse_taken(self, attributes: Attributes, but: str | None) -> None:
        mine = self._folded_names(attributes)
        for uid in self.rows:
            if uid != but and mine & self._folded_names(self.found(uid).attributes):
                raise AlreadyExists(f"{self.info.name} {uid} has this name", uid=uid, tracking_id="MEMORY_2")

    def _folded_names(self, attributes: Attributes) -> set[str]:
        values: Values = attributes.get(self.info.name_attribute or "", ())
        return {names.folded_text(str(value)) for value in values}

    def _row(self, attributes: Attributes) -> Row:
        return {
            name: list(values) if self.info.attribute(name).many else values[0] for name, values in attributes.items()
        }


class BulkHandler(WritingHandler):
    """
    Objects that can be changed many at a time.
    """

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make the changes in one call.
        """
        await self.traffic.call("bulk")
        return [await self._outcome(change, options) for change in changes]

    async def _outcome(self, request: ChangeRequest, options: OperationOptions) -> ChangeOutcome:
        try:
            return ChangeOutcome(Fate.DONE, await self._made(request, options))
        except ConnectorError as error:
            return ChangeOutcome(Fate.REFUSED, error=error)

    async def _made(self, request: ChangeRequest, options: OperationOptions) -> WriteResult:
        uid = request.uid or ""
        match request.change:
            case Change.CREATE:
                return await self.create(request.attributes or {}, options)
            case Change.UPDATE:
                return await self.update(uid, request.deltas, options)
            case Change.DELETE:
                return await self.delete(uid, options)


ROLES_ROWS: Mapping[str, Row] = {
    "Role-full": {"name": "Full Administrator"},
    "Role-read": {"name": "Read-only administrator"},
    "Role-device": {"name": "Device Administrator"},
}
LICENSES_ROWS: Mapping[str, Row] = {
    "Lic-messaging": {"name": "Messaging", "totalUnits": 100, "consumedUnits": 3},
    "Lic-meetings": {
        "name": "Webex Enterprise",
        "totalUnits": 50,
        "consumedUnits": 50,
        "subscriptionId": "Sub-1",
        "siteUrl": "example.webex.com",
        "siteType": "Control Hub managed site",
    },
    "Lic-calling": {"name": "Webex Calling - Professional", "totalUnits": 10, "consumedUnits": 0},
}


class MemoryConnector:
    """
    People and groups that can be written, roles and licences that can be read, `__ALL__` that can do nothing.

    `world` is everything there is, by object class and uid, as plain data: tests read it and write it at will.
    """

    def __init__(self, traits: Traits | None = None, *, bulk: bool = False) -> None:
        self.traits = traits or Traits()
        self.traffic = Traffic(self.traits)
        self.world: dict[str, dict[str, Row]] = {
            names.ACCOUNT: {},
            names.GROUP: {},
            ROLES: {uid: dict(row) for uid, row in ROLES_ROWS.items()},
            LICENSES: {uid: dict(row) for uid, row in LICENSES_ROWS.items()},
        }
        self.closed = False
        writing = BulkHandler if bulk else WritingHandler
        self._handlers: dict[str, Handler] = {
            names.ACCOUNT: writing(ACCOUNT_INFO, self.world[names.ACCOUNT], self.traits, self.traffic),
            names.GROUP: writing(GROUP_INFO, self.world[names.GROUP], self.traits, self.traffic),
            ROLES: ReadingHandler(ROLES_INFO, self.world[ROLES], self.traits, self.traffic),
            LICENSES: ReadingHandler(LICENSES_INFO, self.world[LICENSES], self.traits, self.traffic),
            names.ALL: BareHandler(ALL_INFO, {}, self.traits, self.traffic),
        }

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """
        The handlers by object class.
        """
        return self._handlers

    async def test(self, options: OperationOptions) -> TestReport:
        """
        Find a dictionary in order.
        """
        return TestReport((Finding("dictionary", detail="is there"),))

    async def aclose(self) -> None:
        """
        Remember that it was closed.
        """
        self.closed = True


def person(number: int, **more: object) -> Row:
    """
    Return the row of a made-up person; the same number gives the same person.
    """
    first = ("Anna", "Ben", "Chloé", "Dmitri", "Émile", "Fatima", "Gül")[number % 7]
    row: Row = {
        "displayName": f"{first} Number {number}",
        "firstName": first,
        "lastName": f"Number {number}",
        "emails": [f"person{number}@example.com"],
        "licenses": ["Lic-messaging"],
        "department": ("Sales", "Research", "Support")[number % 3],
    }
    return row | more


def staff(connector: MemoryConnector, count: int) -> None:
    """
    Put so many made-up people into the world, `P-0001` and on.
    """
    connector.world[names.ACCOUNT].update({f"P-{number:04}": person(number) for number in range(1, count + 1)})
