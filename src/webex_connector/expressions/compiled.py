"""
Expressions that are ready to be used, over many records at once.

Records go to the sandbox by the thousand, since going there costs far more than an expression does. A record for which
an expression fails has a Failure in the place of a value; the others of its batch do not notice.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, TypeAlias

import msgspec

from webex_connector.expressions.errors import ScriptFailed, ScriptStopped
from webex_connector.expressions.hosted import Answer, answered
from webex_connector.expressions.interpreter import Interpreter
from webex_connector.expressions.program import driving
from webex_connector.expressions.rows import Looks, Row, View, is_plain
from webex_connector.expressions.simple import Given, Plain, Tables
from webex_connector.expressions.values import Expression, Failure, Subject

BATCH: Final = 1000
"""
Records that go to the sandbox together.
"""

MOST_STOPS: Final = 3
"""
Records for which an expression may pass its limit; then it is tried for no more records of the same call.
"""

_MOST_PASSES = 10

Results: TypeAlias = list[dict[str, Any]]
"""
For each record a value or a Failure by the name of each expression.
"""


@dataclass(frozen=True, slots=True)
class One:
    """
    One expression that is ready.
    """

    number: int
    """
    Its place in the program.
    """
    expression: Expression
    looks: Looks
    plain: Plain | None
    """
    What evaluates it without the sandbox, if that can be.
    """


@dataclass(slots=True)
class _Round:
    """
    One call: its moment, and how often each expression was stopped.
    """

    now: str
    stops: dict[str, int]


class Compiled:
    """
    Expressions without mistakes. It keeps nothing of the records that it sees.
    """

    def __init__(self, interpreter: Interpreter, program: str, ones: Mapping[str, One], tables: Tables) -> None:
        self._interpreter, self._program, self._ones, self._tables = interpreter, program, ones, tables

    def looks(self, name: str) -> Looks:
        """
        Return which attributes an expression uses. Raises KeyError when there is no such expression.
        """
        return self._ones[name].looks

    async def evaluate(self, names: Sequence[str], subjects: Sequence[Subject], now: datetime) -> Results:
        """
        Return, for each record in order, what each of the expressions gives, or a Failure. The same records and the
        same moment give the same values.

        An expression that computes for longer than it may is stopped, and fails for that record; after a few such
        records it fails for the rest of them untried. Raises KeyError when there is no such expression.
        """
        ones = {name: self._ones[name] for name in names}
        call = _Round(now.isoformat(), dict.fromkeys(names, 0))
        batches = [subjects[start : start + BATCH] for start in range(0, len(subjects), BATCH)]
        found = await asyncio.gather(*(self._batch(ones, batch, call) for batch in batches))
        return [result for results in found for result in results]

    async def _batch(self, ones: Mapping[str, One], subjects: Sequence[Subject], call: _Round) -> Results:
        view = View([one.looks for one in ones.values()])
        rows = [view.row(subject) for subject in subjects]
        columns = {
            name: [_at_once(name, one, subject, row, call.now) for subject, row in zip(subjects, rows, strict=True)]
            for name, one in ones.items()
            if one.plain is not None
        }
        rest = [name for name in ones if name not in columns]
        try:
            columns |= await self._together(rest, subjects, rows, call) if rest else {}
        except (ScriptStopped, ScriptFailed):
            for name in rest:
                columns[name] = await self._patiently(name, subjects, rows, call)
        return [{name: columns[name][place] for name in ones} for place in range(len(subjects))]

    async def _together(
        self,
        names: Sequence[str],
        subjects: Sequence[Subject],
        rows: Sequence[Row],
        call: _Round,
        *,
        told: bool = False,
    ) -> dict[str, list[Any]]:
        """
        Evaluate expressions over a batch. Raises ScriptStopped and ScriptFailed, which concern the batch.
        """
        known: dict[str, dict[Any, Answer]] = {}
        columns: dict[str, list[Any]] = {name: [None] * len(rows) for name in names}
        open_: dict[str, list[int]] = {name: list(range(len(rows))) for name in names}
        for _ in range(_MOST_PASSES):
            asked: list[Any] = []
            for group, places in _alike(open_):
                found, more = await self._fed(group, [rows[place] for place in places], known, call, told=told)
                asked += more
                for name, (values, failed, waiting) in zip(group, found, strict=True):
                    for number, value in enumerate(values):
                        raised = failed.get(number)
                        subject = subjects[places[number]]
                        columns[name][places[number]] = self._settled(name, subject, value, raised)
                    open_[name] = [places[number] for number in waiting]
            open_ = {name: places for name, places in open_.items() if places}
            if not open_:
                return columns
            # Telephone numbers take their time, and the event loop has other things to do.
            answers_by_function = await asyncio.to_thread(answered, asked)
            for function, answers in answers_by_function.items():
                known.setdefault(function, {}).update(answers)
        for name, places in open_.items():
            for place in places:
                columns[name][place] = self._failure(name, subjects[place], "It asks for more and more")
        return columns

    async def _fed(
        self, names: Sequence[str], rows: Sequence[Row], known: Mapping[str, Any], call: _Round, *, told: bool
    ) -> tuple[list[Any], list[Any]]:
        text = self._program + driving([self._ones[name].number for name in names], told=told)
        tables = {table: self._tables[table] for name in names for table in self._tables_of(name)}
        values = {"_given_rows": list(rows), "_given_tables": tables, "_given_known": dict(known), "now": call.now}
        outcome = await self._interpreter.run(text, None, {}, values)
        return msgspec.convert(outcome.value, type=tuple[list[Any], list[Any]])

    def _tables_of(self, name: str) -> Sequence[str]:
        text = self._ones[name].expression.text
        return [table for table in self._tables if table in text] if "lookup" in text else ()

    async def _patiently(self, name: str, subjects: Sequence[Subject], rows: Sequence[Row], call: _Round) -> list[Any]:
        """
        Evaluate one expression of which something in this batch cannot be evaluated, and find out for which records.
        """
        if not rows:
            return []
        if call.stops[name] >= MOST_STOPS:
            untried = f"It was not tried, since it was stopped for {MOST_STOPS} records before"
            return [self._failure(name, subject, untried) for subject in subjects]
        try:
            return (await self._together([name], subjects, rows, call, told=True))[name]
        except (ScriptStopped, ScriptFailed) as error:
            if len(rows) == 1:
                call.stops[name] += isinstance(error, ScriptStopped)
                return [self._failure(name, subjects[0], str(error))]
            reached = _reached(error, len(rows))
        # The first half of what went well before is by itself, in case that it was only too much together.
        ends = (0, reached // 2, reached, reached + 1, len(rows))
        parts = [slice(start, end) for start, end in pairwise(ends)]
        return [value for part in parts for value in await self._patiently(name, subjects[part], rows[part], call)]

    def _settled(self, name: str, subject: Subject, value: Any, raised: str | None) -> Any:
        if raised is not None:
            return self._failure(name, subject, raised)
        if not is_plain(value):
            return self._failure(name, subject, f"It gives a {type(value).__name__}, which is no value")
        return value

    def _failure(self, name: str, subject: Subject, raised: str) -> Failure:
        return Failure(name, self._ones[name].expression.place, subject.key, raised)


def _at_once(name: str, one: One, subject: Subject, row: Row, now: str) -> Any:
    given: Given = {"source": row[0], "link_qualifier": row[3], "now": now}
    try:
        return one.plain(given) if one.plain is not None else None
    except (LookupError, TypeError) as error:
        raised = f"{type(error).__name__}: {error.args[0]}"
        return Failure(name, one.expression.place, subject.key, raised)


def _alike(open_: Mapping[str, list[int]]) -> Iterator[tuple[list[str], list[int]]]:
    """
    Yield the expressions that are wanted for the same records together.
    """
    groups: dict[tuple[int, ...], list[str]] = {}
    for name, places in open_.items():
        groups.setdefault(tuple(places), []).append(name)
    for shared, names in groups.items():
        yield names, list(shared)


def _reached(error: ScriptStopped | ScriptFailed, rows: int) -> int:
    """
    Return at which record it ended; the middle, when that is not known.
    """
    lines = error.printed.split() if isinstance(error, ScriptStopped) else []
    return min(int(lines[-1]), rows - 1) if lines and lines[-1].isdigit() else rows // 2
