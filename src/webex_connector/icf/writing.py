"""
Every write goes through here: validated, permitted by the guard, journalled before and after.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from webex_connector.icf import names, validation
from webex_connector.icf.attributes import AttributeDelta
from webex_connector.icf.coalescing import InFlight
from webex_connector.icf.denials import NOTHING_DENIED, Denials
from webex_connector.icf.errors import Ambiguous, ConnectorError, InvalidInput, UnsupportedOperation, Verdict
from webex_connector.icf.limits import Limiter
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import (
    CanAnswer,
    CanApplyMany,
    CanCreate,
    CanDelete,
    CanGet,
    CanUpdate,
    Change,
    ChangeOutcome,
    ChangeRequest,
    Fate,
    Handler,
)
from webex_connector.icf.options import Course, OperationOptions
from webex_connector.icf.ports import Destruction, Done, Failed, Guard, Harm, Intent, Journal
from webex_connector.icf.schema import ObjectClassInfo, Operation

ReadKey = tuple[str, str, frozenset[str]]
"""
Object class, uid and wanted attributes of a read in flight.
"""


def canonical(info: ObjectClassInfo, request: ChangeRequest) -> ChangeRequest:
    """
    Return the request validated against the schema, with canonical names. Raises InvalidInput.
    """
    if request.change is Change.CREATE:
        attributes = validation.creatable(info, request.attributes or {})
        validation.refuse_lacking(info, attributes)
        return replace(request, attributes=attributes)
    if not request.uid:
        raise InvalidInput(f"A change of {info.name} needs the uid of an object")
    if request.change is Change.UPDATE:
        return replace(request, deltas=tuple(validation.updateable(info, request.deltas)))
    return request


def harm_of(request: ChangeRequest) -> Harm | None:
    """
    Say why a request counts as destructive; None when it does not.
    """
    if request.change is Change.DELETE:
        return Harm.DELETE
    return Harm.DISABLE if any(map(disables, request.deltas)) else None


def disables(delta: AttributeDelta) -> bool:
    """
    Say whether a change counts as disabling: whatever touches `__ENABLE__` without enabling, a removal or a clearing
    too.
    """
    return delta.name == names.ENABLE and (delta.replace or delta.add) != (True,)


class Writer:
    """
    Carries out the writes of one system.
    """

    def __init__(
        self,
        system: str,
        journal: Journal,
        guard: Guard,
        limiter: Limiter,
        reads: InFlight[ReadKey, ConnectorObject],
        denials: Denials = NOTHING_DENIED,
    ) -> None:
        self._system = system
        self._denials = denials
        self._journal = journal
        self._guard = guard
        self._limiter = limiter
        self._reads = reads

    async def one(self, handler: Handler, request: ChangeRequest, options: OperationOptions) -> WriteResult:
        """
        Make one change. Raises any ConnectorError; then nothing was changed, unless it is Ambiguous.
        """
        call = _operation(handler, request.change)
        valid = self._allowed(handler.info, request, options)
        bounded = replace(self._limiter.bounded(options, Operation[request.change.name]), course=Course())
        if options.dry_run:
            return await self._limiter.write(lambda: call(valid, bounded))
        if not await self._is_void(handler, valid, options):
            await self._permitted(handler.info, valid, options)
        key = await self._journal.begin(self._intent(handler.info, valid, options))
        try:
            result = await self._limiter.write(lambda: call(valid, bounded))
        except ConnectorError as error:
            await self._journal.end(key, _failure(error, ambiguous=isinstance(error, Ambiguous)))
            raise
        except BaseException as error:
            # Cancelled or broken in the middle: nobody may take this write for undone.
            await asyncio.shield(self._journal.end(key, Failed(type(error).__name__, ambiguous=True)))
            raise
        finally:
            self._reads.outdate(lambda read: read[0] == handler.info.name)
        await self._journal.end(key, Done(result))
        return result

    async def many(
        self,
        handler: Handler,
        requests: Sequence[ChangeRequest],
        options: OperationOptions,
    ) -> list[ChangeOutcome]:
        """
        Make many changes, in bulk where the target can; one outcome for each, in order.
        """
        if isinstance(handler, CanApplyMany):
            return await self._in_bulk(handler, handler.info, requests, options)
        return await self._one_by_one(handler, requests, options)

    async def _one_by_one(
        self,
        handler: Handler,
        requests: Sequence[ChangeRequest],
        options: OperationOptions,
    ) -> list[ChangeOutcome]:
        outcomes: dict[int, ChangeOutcome] = {}
        places = iter(range(len(requests)))
        stopped: list[ConnectorError] = []

        async def work() -> None:
            for place in places:
                if stopped:
                    outcomes[place] = ChangeOutcome(Fate.REFUSED, error=stopped[0])
                    continue
                outcome = await self._outcome(handler, requests[place], options)
                outcomes[place] = outcome
                if outcome.error is not None and outcome.error.verdict is Verdict.STOP_RUN:
                    stopped.append(outcome.error)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._limiter.limits.concurrent, len(requests))):
                group.create_task(work())
        return [outcomes[place] for place in range(len(requests))]

    async def _outcome(self, handler: Handler, request: ChangeRequest, options: OperationOptions) -> ChangeOutcome:
        try:
            return ChangeOutcome(Fate.DONE, await self.one(handler, request, options))
        except Ambiguous as error:
            return ChangeOutcome(Fate.AMBIGUOUS, error=error)
        except ConnectorError as error:
            return ChangeOutcome(Fate.REFUSED, error=error)

    async def _in_bulk(
        self,
        handler: CanApplyMany,
        info: ObjectClassInfo,
        requests: Sequence[ChangeRequest],
        options: OperationOptions,
    ) -> list[ChangeOutcome]:
        outcomes: dict[int, ChangeOutcome] = {}
        valid: dict[int, ChangeRequest] = {}
        for place, request in enumerate(requests):
            try:
                valid[place] = self._allowed(info, request, options)
                if not options.dry_run:
                    await self._permitted(info, valid[place], options)
            except ConnectorError as error:
                valid.pop(place, None)
                outcomes[place] = ChangeOutcome(Fate.REFUSED, error=error)
        if not valid:
            return [outcomes[place] for place in range(len(requests))]
        keys = {}
        if not options.dry_run:
            keys = {n: await self._journal.begin(self._intent(info, each, options)) for n, each in valid.items()}
        bounded = self._limiter.bounded(options, Operation.BULK)
        try:
            made = await self._limiter.write(lambda: handler.apply_many(list(valid.values()), bounded))
        except BaseException as error:
            for key in keys.values():
                await asyncio.shield(self._journal.end(key, Failed(type(error).__name__, ambiguous=True)))
            raise
        finally:
            self._reads.outdate(lambda read: read[0] == info.name)
        for place, outcome in zip(valid, made, strict=True):
            outcomes[place] = outcome
            if place in keys:
                await self._journal.end(keys[place], _end(outcome))
        return [outcomes[place] for place in range(len(requests))]

    def _allowed(self, info: ObjectClassInfo, request: ChangeRequest, options: OperationOptions) -> ChangeRequest:
        """
        Return the request in canonical form, when neither the system nor the client's rights deny it.
        """
        operation, denials = Operation[request.change.name], options.actor.denials
        self._denials.refuse(operation, info.name)
        denials.refuse(operation, info.name)
        valid = canonical(info, request)
        given = [name for name, values in (valid.attributes or {}).items() if values]
        denials.refuse_granting(info, [*given, *(delta.name for delta in valid.deltas)])
        if harm_of(valid) is Harm.DISABLE:
            denials.refuse_disabling(info.name)
        return valid

    async def _is_void(self, handler: Handler, request: ChangeRequest, options: OperationOptions) -> bool:
        """
        Say whether a change disables nobody, since whoever it is is disabled already: as a copy at hand shows, and as
        the target does when it is asked then. What is not shown, and a read that fails, leaves it a destruction.
        """
        uid = request.uid
        if harm_of(request) is not Harm.DISABLE or uid is None or not isinstance(handler, CanGet):
            return False
        if not isinstance(handler, CanAnswer):
            return False
        wanted, live, read = frozenset({names.ENABLE}), replace(options, live=True), handler.get
        try:
            known = await handler.held(uid, wanted, options)
            if known is None or known.values(names.ENABLE) != (False,):
                return False
            # A copy may be of a time before somebody was enabled again: it excuses nobody.
            seen = await self._limiter.read(Operation.GET, lambda: read(uid, wanted, live))
        except ConnectorError:
            return False
        return seen.values(names.ENABLE) == (False,)

    async def _permitted(self, info: ObjectClassInfo, request: ChangeRequest, options: OperationOptions) -> None:
        harm = harm_of(request)
        if harm is not None and request.uid is not None:
            await self._guard.permit(Destruction(self._system, info.name, request.uid, harm, options.actor))

    def _intent(self, info: ObjectClassInfo, request: ChangeRequest, options: OperationOptions) -> Intent:
        return Intent(
            self._system,
            info.name,
            request.change,
            options.actor,
            request.uid,
            request.attributes,
            request.deltas,
        )


def _end(outcome: ChangeOutcome) -> Done | Failed:
    if outcome.result is not None:
        return Done(outcome.result)
    ambiguous = outcome.fate is Fate.AMBIGUOUS
    if outcome.error is None:
        return Failed(outcome.fate.value, ambiguous=ambiguous)
    return _failure(outcome.error, ambiguous=ambiguous)


def _failure(error: ConnectorError, *, ambiguous: bool) -> Failed:
    return Failed(type(error).__name__, error.message, error.tracking_id, ambiguous=ambiguous)


Call = Callable[[ChangeRequest, OperationOptions], Coroutine[Any, Any, WriteResult]]


def _operation(handler: Handler, change: Change) -> Call:
    match change:
        case Change.CREATE if isinstance(handler, CanCreate):
            return lambda request, options: handler.create(request.attributes or {}, options)
        case Change.UPDATE if isinstance(handler, CanUpdate):
            return lambda request, options: handler.update(request.uid or "", request.deltas, options)
        case Change.DELETE if isinstance(handler, CanDelete):
            return lambda request, options: handler.delete(request.uid or "", options)
        case _:
            raise UnsupportedOperation(f"{handler.info.name} does not support {change.name}")
