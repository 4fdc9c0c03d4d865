"""
Faults as data: which request goes wrong, and how. They are found by what a request means, never by the order of calls.
"""

from dataclasses import dataclass
from itertools import count

import msgspec


class Delay(msgspec.Struct, frozen=True, tag_field="kind", tag="delay", forbid_unknown_fields=True):
    """
    The request is carried out later.
    """

    seconds: float


class Throttle(msgspec.Struct, frozen=True, tag_field="kind", tag="throttle", forbid_unknown_fields=True):
    """
    429 before any effect.
    """

    retry_after: int | None = None
    """Seconds; None leaves the header out."""


class Fail(msgspec.Struct, frozen=True, tag_field="kind", tag="fail", forbid_unknown_fields=True):
    """
    The request is refused before any effect, by a gateway or by Webex.
    """

    status: int = 503
    html: bool = False
    """Whether the body is a gateway's HTML page rather than Webex's JSON."""
    retry_after: int | None = None


class Reset(msgspec.Struct, frozen=True, tag_field="kind", tag="reset", forbid_unknown_fields=True):
    """
    The connection is reset (TCP RST) before any effect.
    """


class ExpireToken(msgspec.Struct, frozen=True, tag_field="kind", tag="expire-token", forbid_unknown_fields=True):
    """
    The access token of this request is no longer valid, from this request on.
    """


class LoseAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="lose-answer", forbid_unknown_fields=True):
    """
    The change is made, then the connection is closed without a byte of an answer.
    """


class HalfBody(msgspec.Struct, frozen=True, tag_field="kind", tag="half-body", forbid_unknown_fields=True):
    """
    The change is made, then the connection is closed within the answer's body; before its head if it has none.
    """


class WrongJson(msgspec.Struct, frozen=True, tag_field="kind", tag="wrong-json", forbid_unknown_fields=True):
    """
    The change is made and the status is right (200 in place of 204), but the body is another one.
    """

    body: str = '{"items": [{"id": '
    """By default not JSON; may also be JSON of an impossible shape."""


class RefuseButApplied(
    msgspec.Struct,
    frozen=True,
    tag_field="kind",
    tag="refuse-but-applied",
    forbid_unknown_fields=True,
):
    """
    The change is made, but the answer says that it was refused.
    """

    status: int = 400
    description: str = "One of the back-end services refused the request."


class Failure(msgspec.Struct, frozen=True, tag_field="kind", tag="failure", forbid_unknown_fields=True):
    """
    A classic site answers FAILURE with this code; the organisation has no such answers.
    """

    code: str = "000000"
    """Six characters (`exceptionID`), known or not."""
    reason: str = ""
    """A sentence of one's own in place of the usual one."""
    value: str = ""
    """A datum tied to the error."""
    details: tuple[str, ...] = ()
    """Codes of deeper causes (`subErrors`)."""
    backup: bool = False
    """Whether the answer comes from the servers that stand in during maintenance."""
    applied: bool = False
    """Whether the change is made all the same."""


Before = Delay | Throttle | Fail | Reset | ExpireToken | Failure
"""
What goes wrong before the request has any effect.
"""

After = LoseAnswer | HalfBody | WrongJson | RefuseButApplied | Failure
"""
What goes wrong once the request had its effect.
"""

Effect = Before | After
"""
What goes wrong.
"""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    An effect and the requests it befalls: those for which everything given here is true.
    """

    effect: Effect

    to: str = "*"
    """
    Method and path template, such as `PATCH /people/{id}`; `*` stands for any method, any path or both. What a classic
    site is asked is named by its operation: `POST user.GetUser`.
    """

    subject: str = ""
    """Text within the path or query, or within the value of the identifier in the path (a UUID)."""

    body: str = ""
    """Text within the request's body."""

    page: int | None = None
    """The number of the page of a listing, from one."""

    attempt: int = 1
    """The first of the matching requests it befalls, from one."""

    times: int = 1
    """How many matching requests in a row it befalls."""

    must_fire: int | None = None
    """How often it must have struck when the schedule is verified; as often as `times` unless given."""

    def __post_init__(self) -> None:
        if self.attempt < 1 or self.times < 1:
            raise ValueError("attempt and times count from one")
        if self.to != "*" and len(self.to.split(" ")) != 2:  # noqa: PLR2004  # method and template
            raise ValueError(f"{self.to!r} is not a method and a path template")

    def fits(self, facts: "Facts") -> bool:
        """
        Tell whether a request is one of those it may befall.
        """
        method, template = self.to.split(" ") if self.to != "*" else ("*", "*")
        return (
            method in {"*", facts.method}
            and template in {"*", facts.template}
            and self.subject in facts.subject
            and self.body in facts.body
            and self.page in {None, facts.page}
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What can be told about a request before it is carried out.
    """

    method: str
    template: str
    subject: str
    body: str
    page: int


@dataclass(slots=True)
class Scheduled:
    """
    A fault and what became of it.
    """

    number: int
    fault: Fault
    met: int = 0
    """Matching requests so far."""
    fired: int = 0
    """How many of them it befell."""


class DidNotFire(AssertionError):
    """
    A fault was scheduled and did not strike as often as it must.
    """


class Faults:
    """
    The schedule. `without` are the kinds that make no sense where it is kept.
    """

    def __init__(self, without: tuple[type[Effect], ...] = ()) -> None:
        self._without = without
        self._scheduled: list[Scheduled] = []
        self._numbers = count(1)

    @property
    def scheduled(self) -> tuple[Scheduled, ...]:
        """
        All faults in the order they were added.
        """
        return tuple(self._scheduled)

    def add(self, fault: Fault) -> int:
        """
        Schedule a fault and return its number. If several fit a request, the one added first strikes.

        Raises ValueError for an effect that cannot be had here.
        """
        if isinstance(fault.effect, self._without):
            raise ValueError(f"the effect {kind_of(fault.effect)} cannot be had here")  # noqa: TRY004 - its type is one of those declared
        entry = Scheduled(next(self._numbers), fault)
        self._scheduled.append(entry)
        return entry.number

    def clear(self) -> None:
        """
        Forget the schedule.
        """
        self._scheduled.clear()

    def strike(self, facts: Facts) -> Effect | None:
        """
        Return what befalls a request, and count it; None when it is left in peace.
        """
        chosen: Effect | None = None
        for entry in self._scheduled:
            if not entry.fault.fits(facts):
                continue
            entry.met += 1
            if chosen is None and entry.met >= entry.fault.attempt and entry.fired < entry.fault.times:
                entry.fired += 1
                chosen = entry.fault.effect
        return chosen

    def verify(self) -> None:
        """
        Raise DidNotFire, naming each fault that struck less often than it must have by now.
        """
        late = [entry for entry in self._scheduled if entry.fired < _due(entry.fault)]
        if late:
            lines = (f"#{entry.number} {entry.fault}: {entry.fired} of {_due(entry.fault)}" for entry in late)
            raise DidNotFire("faults that did not strike:\n" + "\n".join(lines))


def kind_of(effect: Effect | None) -> str:
    """
    Return the name of an effect's kind; empty for none.
    """
    return "" if effect is None else str(type(effect).__struct_config__.tag)


def _due(fault: Fault) -> int:
    return fault.times if fault.must_fire is None else fault.must_fire
