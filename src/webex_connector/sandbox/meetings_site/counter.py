"""
One request's way through faults, log-in, limits and rules to its answer; no network here.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from webex_connector.sandbox import faults
from webex_connector.sandbox.clock import MovableClock
from webex_connector.sandbox.delivery import Delivery, Manner
from webex_connector.sandbox.exchange import Reply
from webex_connector.sandbox.faults import Effect, Facts, Faults
from webex_connector.sandbox.limits import Limiter
from webex_connector.sandbox.meetings_site import writing
from webex_connector.sandbox.meetings_site.asking import Asked, Operations, admit
from webex_connector.sandbox.meetings_site.callers import Desk
from webex_connector.sandbox.meetings_site.reading import NOTHING, Message
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.world import SiteWorld

_HEADERS: Final = {"Content-Type": "text/xml;charset=UTF-8", "Cache-Control": "no-cache"}
_HTML = b"<html><head><title>%d</title></head><body><center><h1>%d</h1></center></body></html>"
_OK = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """
    An answer and what the trace tells of it.
    """

    delivery: Delivery
    operation: str
    """Service and name of what was asked; empty when it could not be read."""
    subject: str
    code: str
    """What it was refused with; empty for a success."""


@dataclass(slots=True)
class Counter:
    """
    Where the questions to a site come in.
    """

    operations: Operations
    desk: Desk
    faults: Faults
    limits: Limiter
    clock: MovableClock
    blocked: dict[str, float] = field(default_factory=dict)
    """Until when each caller is refused who went over the limit, in monotonic seconds."""

    async def answer(self, world: SiteWorld, message: Message | Refusal, body: bytes) -> Answered:
        """
        Carry a question out, or answer one that could not be read with its refusal. Refusals are answers too.
        """
        read = message if isinstance(message, Message) else Message(NOTHING, "", NOTHING)
        operation = self.operations.named(read.operation)
        subject = " ".join(each.text.strip() for each in read.content.children if each.name in _SUBJECTS)
        seen = Facts("POST", operation, f"{subject} {read.context.value('siteName')}", _text(body), _page_of(read))
        effect = self.faults.strike(seen)
        if early := await self._before(world, effect, read):
            kind = faults.kind_of(effect)
            return Answered(replace(early[0], fault=kind), operation, subject, early[1])
        if isinstance(message, Refusal):
            delivery, code, caller = _refused(world, message), message.code, None
        else:
            delivery, code, caller = self._carried_out(world, message)
        delivery, code = _after(world, effect, delivery, code)
        actor = caller.web_ex_id if caller else ""
        return Answered(replace(delivery, fault=faults.kind_of(effect), actor=actor), operation, subject, code)

    async def _before(self, world: SiteWorld, effect: Effect | None, message: Message) -> tuple[Delivery, str] | None:
        match effect:
            case faults.Delay(seconds=seconds):
                await self.clock.sleep(seconds)
            case faults.Throttle():
                return _refused(world, Refusal("000045")), "000045"
            case faults.Failure(applied=False):
                refusal = _failure(effect)
                return _refused(world, refusal, backup=effect.backup), refusal.code
            case faults.Fail(status=status, retry_after=seconds):
                headers = {"Content-Type": "text/html"}
                if seconds is not None:
                    headers["Retry-After"] = str(seconds)
                return Delivery(Reply(status, _HTML % (status, status), headers)), ""
            case faults.Reset():
                return Delivery(Reply(0), Manner.RESET), ""
            case faults.ExpireToken():
                self.desk.revoke(message.context.value("sessionTicket"))
                world.access_tokens.pop(message.context.value("webExAccessToken"), None)
            case _:
                pass
        return None

    def _carried_out(self, world: SiteWorld, message: Message) -> tuple[Delivery, str, User | None]:
        caller: User | None = None
        try:
            operation = self.operations.find(message.operation, world)
            caller = admit(operation, world, self.desk, message)
            self._require_pace(world, caller.web_ex_id if caller else "")
            content = operation.handler(Asked(world, self.desk, message, caller))
        except Refusal as refusal:
            return _refused(world, refusal), refusal.code, caller
        return Delivery(Reply(_OK, writing.success(content, _servers(world)), _HEADERS)), "", caller

    def _require_pace(self, world: SiteWorld, who: str) -> None:
        now = self.clock.monotonic()
        if now < self.blocked.get(who, now):
            raise Refusal("000045")
        if self.limits.admit(now, who):
            self.blocked[who] = now + world.quirks.rate_block
            raise Refusal("000045")


_SUBJECTS = frozenset({"webExId", "webExID", "email", "meetingTypeID"})


def _after(world: SiteWorld, effect: Effect | None, delivery: Delivery, code: str) -> tuple[Delivery, str]:
    match effect:
        case faults.LoseAnswer():
            return Delivery(delivery.reply, Manner.CLOSED), code
        case faults.HalfBody():
            return Delivery(delivery.reply, Manner.HALF), code
        case faults.WrongJson(body=body):
            return Delivery(replace(delivery.reply, body=body.encode())), code
        case faults.RefuseButApplied(description=description):
            return _refused(world, Refusal("000000", description)), "000000"
        case faults.Failure(applied=True):
            refusal = _failure(effect)
            return _refused(world, refusal, backup=effect.backup), refusal.code
        case _:
            return delivery, code


def _failure(effect: faults.Failure) -> Refusal:
    return Refusal(effect.code, effect.reason, value=effect.value, details=effect.details)


def _refused(world: SiteWorld, refusal: Refusal, *, backup: bool = False) -> Delivery:
    body = writing.failure(refusal, "BACKUP" if backup else _servers(world))
    return Delivery(Reply(_OK, body, _HEADERS))


def _servers(world: SiteWorld) -> str:
    return "BACKUP" if world.quirks.backup else "PRIMARY"


def _page_of(message: Message) -> int:
    start, size = (message.content.value("listControl", name) for name in ("startFrom", "maximumNum"))
    if not (start.isdigit() and size.isdigit() and int(size)):
        return 1
    return (int(start) - 1) // int(size) + 1


def _text(body: bytes) -> str:
    return body.decode(errors="replace")
