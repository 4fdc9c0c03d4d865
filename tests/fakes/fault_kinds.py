"""
Everything that can go wrong with one request, by name, and how the operations it belongs to are expected to end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from webex_connector.icf.errors import Ambiguous, ConnectionBroken, ConnectorError, InvalidAttributeValue
from webex_connector.sandbox.faults import (
    Delay,
    Effect,
    ExpireToken,
    Fail,
    Fault,
    HalfBody,
    LoseAnswer,
    RefuseButApplied,
    Reset,
    Throttle,
    WrongJson,
)

KINDS: Mapping[str, Effect] = {
    "slow": Delay(5),
    "too slow": Delay(90),
    "throttled": Throttle(retry_after=3),
    "throttled without a time": Throttle(),
    "locked": Fail(423),
    "failed": Fail(500),
    "bad gateway": Fail(502, html=True),
    "unavailable": Fail(503),
    "reset": Reset(),
    "token expired": ExpireToken(),
    "answer lost": LoseAnswer(),
    "half an answer": HalfBody(),
    "not JSON": WrongJson(),
    "no object": WrongJson("[]"),
    "an empty object": WrongJson("{}"),
    "refused but applied": RefuseButApplied(400),
    "failed but applied": RefuseButApplied(500),
}
"""
Each kind; "too slow" is carried out half a minute after the connector lost its patience.
"""


@dataclass(frozen=True)
class End:
    """
    How an operation ends. What of it is in place follows, except after Ambiguous, where it has to be said.
    """

    error: type[ConnectorError] | None = None
    missed: frozenset[str] = frozenset()
    """The attributes that a partial result names as not applied."""

    late: frozenset[str] = frozenset()
    """Of these, the ones that came about after nobody could wait any longer."""

    in_place: frozenset[str] | None = frozenset()
    """After an error: the facts that are as asked all the same; None for all of them."""

    def puts_in_place(self, fact: str) -> bool:
        """
        Say whether a fact is as asked when all is over.
        """
        if self.error is None:
            return fact not in self.missed - self.late
        return self.in_place is None or fact in self.in_place


WHOLE = End()
"""
A result that leaves nothing out.
"""


def partly(*missed: str, late: Iterable[str] = ()) -> End:
    """
    Return the end of an operation whose result says that these attributes were not applied.
    """
    return End(missed=frozenset(missed), late=frozenset(late))


def fails(error: type[ConnectorError]) -> End:
    """
    Return the end of an operation that changed nothing.
    """
    return End(error)


def unclear(*in_place: str) -> End:
    """
    Return the end of an operation that cannot tell, while these facts are in place.
    """
    return End(Ambiguous, in_place=frozenset(in_place))


UNCLEAR_BUT_DONE = End(Ambiguous, in_place=None)
"""
The operation cannot tell, and everything is in place.
"""

FIRST_READ: Mapping[str, End] = {
    "failed": fails(ConnectionBroken),
    "no object": fails(ConnectionBroken),
    "an empty object": fails(ConnectionBroken),
    "refused but applied": fails(InvalidAttributeValue),
    "failed but applied": fails(ConnectionBroken),
}
"""
Ends of an operation whose read, before anything was written, goes wrong; the other kinds are healed by repetition.
"""


@dataclass(frozen=True)
class Schedule:
    """
    What goes wrong, and what must come of it.
    """

    name: str
    faults: tuple[Fault, ...]
    end: End = WHOLE
    more: int = 0
    """How many more changes take effect than without a fault: a harmless one made again, or another road taken."""

    seconds: float | None = None
    """The time the caller allows."""


@dataclass(frozen=True)
class Step:
    """
    One request of an operation, where each kind strikes once.
    """

    request: Fault
    """Which request it is; its effect is a place-holder."""

    ends: Mapping[str, End] = field(default_factory=dict)
    """How the operation ends, by kind; whole where nothing is said."""

    twice: frozenset[str] = frozenset()
    """The kinds after which the harmless change is made again without looking."""

    more: int = 0
    """How many more changes the road to this request takes."""

    before: tuple[Fault, ...] = ()
    """What has to go wrong for the request to be made at all."""

    name: str = ""

    def schedules(self) -> list[Schedule]:
        """
        Return one schedule for each kind.
        """
        title = self.name or self.request.to
        return [
            Schedule(
                f"{title}/{kind}",
                (*self.before, msgspec.structs.replace(self.request, effect=effect)),
                self.ends.get(kind, WHOLE),
                more=self.more + (kind in self.twice),
            )
            for kind, effect in KINDS.items()
        ]


def at(to: str, *, body: str = "", subject: str = "", attempt: int = 1) -> Fault:
    """
    Return the request a step strikes, without harm.
    """
    return Fault(Delay(0), to=to, body=body, subject=subject, attempt=attempt)
