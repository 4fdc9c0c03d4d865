"""
What a change stream remembers of the objects it has told of: for each one a short mark, nothing else.

Webex has no change feed and forgets what is deleted, so somebody must know who was there. A consumer acknowledges what
it was told by coming back with the token it stored: until then a change is pending, and it is told again to a consumer
that crashed before it stored the token.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from webex_connector.icf.errors import ConnectionBroken

RUN = 1 << 32
"""
How many numbers one run through a stream has; those of a later run are all higher.
"""

TOLD = ""
"""
The mark of an object that was told of, but nobody knows whether the consumer kept it: it differs from every other mark.
"""


@dataclass(frozen=True, slots=True)
class Note:
    """
    One change, as the inventory keeps it.
    """

    number: int
    """
    Its place in the stream; it becomes real when a token with this number or a later one is presented.
    """
    key: str
    mark: str | None
    """
    What the object looked like; None when it is gone.
    """


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What is known of a stream.
    """

    acknowledged: int
    """
    The latest number that a consumer has presented.
    """
    base: int
    """
    The changes of this run get the numbers after this one, which no other run has.
    """
    count: int
    """
    How many objects are known.
    """
    surplus: int
    """
    By how much Webex's own total differed from the count when both were known to be complete.
    """
    complete: bool
    """
    Whether everything that was there has been seen once.
    """


class Inventory(Protocol):
    """
    The memory of all change streams. Streams have random names, so that systems can share one inventory.

    It may forget streams that nobody has used for long; their consumers are told to start again.
    """

    async def begin(self, stream: str, number: int) -> None:
        """
        Start an empty, incomplete stream in which everything up to this number counts as acknowledged; whatever is
        known under that name is forgotten, but for the numbers that were used.
        """
        ...

    async def settle(self, stream: str, number: int) -> Standing | None:
        """
        Make real what is pending up to this number, take back what is later, and return the standing of the run that
        begins with it; None for an unknown stream.

        What was told of for the first time and is taken back stays known with the mark `TOLD`. Nothing happens for a
        number that is older than one presented before; the caller sees it by the standing.
        """
        ...

    async def marks(self, stream: str, keys: Sequence[str]) -> Mapping[str, str]:
        """
        Return the marks of those of the objects that are known, what is pending included.
        """
        ...

    async def note(self, stream: str, notes: Sequence[Note]) -> None:
        """
        Remember changes, durably, before anybody is told. Those that are already acknowledged are real at once.

        Raises ConnectionBroken when a later run has begun: two calls that follow one token would mix up what each of
        them was told.
        """
        ...

    async def see(self, stream: str, walk: str, keys: Sequence[str]) -> None:
        """
        Remember that a walk met these objects. Each walk has a name that no other has; a new one begins unseen.
        """
        ...

    def unseen(self, stream: str, walk: str) -> AsyncIterator[Sequence[str]]:
        """
        Yield, in batches, the known objects that the walk has not met.
        """
        ...

    async def complete(self, stream: str, surplus: int) -> None:
        """
        Remember that everything has been seen, and the surplus of Webex's total.
        """
        ...


@dataclass(slots=True)
class _Stream:
    acknowledged: int
    base: int
    surplus: int = 0
    complete: bool = False
    marks: dict[str, str] = field(default_factory=dict)
    pending: dict[str, Note] = field(default_factory=dict)
    walk: str = ""
    met: set[str] = field(default_factory=set)


class MemoryInventory:
    """
    An inventory that ends with the process: for tests, and for systems without a store.
    """

    def __init__(self, streams: int = 8, batch: int = 500) -> None:
        self._most = streams
        self._batch = batch
        self._streams: OrderedDict[str, _Stream] = OrderedDict()

    async def begin(self, stream: str, number: int) -> None:
        """
        Start an empty stream; the one unused for longest is forgotten when there are too many.
        """
        before = self._streams.pop(stream, None)
        self._streams[stream] = _Stream(number, number if before is None else max(number, before.base))
        while len(self._streams) > self._most:
            self._streams.popitem(last=False)

    async def settle(self, stream: str, number: int) -> Standing | None:
        """
        Make real what is pending up to the number, and take back the rest.
        """
        kept = self._streams.get(stream)
        if kept is None:
            return None
        self._streams.move_to_end(stream)
        if number >= kept.acknowledged:
            kept.acknowledged = number
            kept.base = (max(kept.base, number) // RUN + 1) * RUN
            for note in kept.pending.values():
                _settle(kept, note, real=note.number <= number)
            kept.pending.clear()
        return Standing(kept.acknowledged, kept.base, len(kept.marks), kept.surplus, kept.complete)

    async def marks(self, stream: str, keys: Sequence[str]) -> Mapping[str, str]:
        """
        Return the marks of the known ones.
        """
        kept = self._streams[stream]
        found: dict[str, str] = {}
        for key in keys:
            note = kept.pending.get(key)
            mark = kept.marks.get(key) if note is None else note.mark
            if mark is not None:
                found[key] = mark
        return found

    async def note(self, stream: str, notes: Sequence[Note]) -> None:
        """
        Remember changes.
        """
        kept = self._streams[stream]
        for note in notes:
            if note.number <= kept.acknowledged:
                _settle(kept, note, real=True)
            elif note.number <= kept.base:
                raise ConnectionBroken("Another call began to follow the changes from this sync token; try again")
            else:
                kept.pending[note.key] = note

    async def see(self, stream: str, walk: str, keys: Sequence[str]) -> None:
        """
        Remember whom a walk met.
        """
        kept = self._streams[stream]
        if walk != kept.walk:
            kept.walk = walk
            kept.met.clear()
        kept.met.update(keys)

    async def unseen(self, stream: str, walk: str) -> AsyncIterator[Sequence[str]]:
        """
        Yield whom the walk has not met.
        """
        kept = self._streams[stream]
        met = kept.met if kept.walk == walk else set()
        pending = kept.pending
        missed = [key for key in kept.marks if key not in met and key not in pending]
        while some := list(islice(missed, self._batch)):
            del missed[: len(some)]
            yield some

    async def complete(self, stream: str, surplus: int) -> None:
        """
        Remember that everything has been seen.
        """
        kept = self._streams[stream]
        kept.complete, kept.surplus = True, surplus
        kept.met.clear()


def _settle(kept: _Stream, note: Note, *, real: bool) -> None:
    if not real:
        if note.mark is not None:
            kept.marks.setdefault(note.key, TOLD)
    elif note.mark is None:
        kept.marks.pop(note.key, None)
    else:
        kept.marks[note.key] = note.mark
