"""
`Bulk` (RFC 7644, section 3.7): many writes in one request, which become few requests to Webex where its bulk takes
them.

Operations that follow one another and have nothing to do with each other go to the model together. With `failOnErrors`
they go one by one, since what has left cannot be stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.responses import Response

from webex_connector.gateway.scim.bodies import replacement_of
from webex_connector.gateway.scim.bulk_words import BULK_RESPONSE_URN, Order, orders_of, resolved
from webex_connector.gateway.scim.call import Call, answered
from webex_connector.gateway.scim.errors import Problem, problem_of
from webex_connector.gateway.scim.mapping import Resource
from webex_connector.gateway.scim.partial import completed, kept_or_undone, notice_of, refuse_partial, warn_of
from webex_connector.gateway.scim.patching import deltas_of
from webex_connector.gateway.scim.reading import refuse_other_version
from webex_connector.gateway.scim.settled import leaves_nobody
from webex_connector.gateway.scim.systems import System
from webex_connector.gateway.scim.writing import adoption, change, creation
from webex_connector.icf.attributes import AttributeDelta, replaced
from webex_connector.icf.errors import AlreadyExists, ConnectorError
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import Operation

_OPERATIONS: Final = {
    "POST": Operation.CREATE,
    "PUT": Operation.UPDATE,
    "PATCH": Operation.UPDATE,
    "DELETE": Operation.DELETE,
}
_STATUS: Final = {Change.CREATE: "201", Change.UPDATE: "200", Change.DELETE: "204"}


@dataclass(frozen=True, slots=True)
class Planned:
    """
    An operation that is understood: what it asks of the model.
    """

    order: Order
    call: Call
    request: ChangeRequest
    later: Sequence[AttributeDelta] = ()
    """
    What a new object is given once it is there.
    """


class Bulk:
    """
    One bulk request to a system.
    """

    def __init__(self, system: System, options: OperationOptions, base: str) -> None:
        self._system, self._options, self._base = system, options, base
        self._answers: dict[int, dict[str, Any]] = {}
        self._made: dict[str, str] = {}
        self._errors = 0

    async def run(self, body: Any) -> Response:
        """
        Carry out the operations and answer with one outcome for each that was begun. Raises Problem when the request
        itself cannot be understood.
        """
        orders = orders_of(body)
        waiting: list[Planned] = []
        for order in orders.each:
            if waiting and (orders.fail_on_errors is not None or _depends(order, waiting)):
                await self._carry_out(waiting)
                waiting = []
            if orders.fail_on_errors is not None and self._errors >= orders.fail_on_errors:
                break
            try:
                waiting.append(await self._planned(order))
            except Problem as problem:
                self._refuse(order, problem)
            except ConnectorError as error:
                self._refuse(order, problem_of(error))
        if waiting:
            await self._carry_out(waiting)
        rows = [self._answers[place] for place in sorted(self._answers)]
        return answered(200, {"schemas": [BULK_RESPONSE_URN], "Operations": rows})

    async def _planned(self, order: Order) -> Planned:
        if order.mistake is not None:
            raise order.mistake
        resource = self._system.resource(order.endpoint)
        if _OPERATIONS[order.method] not in self._system.facade.schema.operations[resource.object_class]:
            raise Problem(405, f"{resource.name} does not have {order.method}")
        call = self._call(order, resource)
        await refuse_other_version(call)
        match order.method:
            case "POST":
                attributes, later = await creation(call)
                follows = [replaced(name, *values) for name, values in later.items()]
                return Planned(order, call, ChangeRequest(Change.CREATE, attributes=attributes), follows)
            case "DELETE":
                return Planned(order, call, ChangeRequest(Change.DELETE, call.uid))
            case "PUT":
                deltas = replacement_of(resource, call.body)
            case _:
                deltas = await deltas_of(call)
        if await leaves_nobody(call, deltas):
            return Planned(order, call, ChangeRequest(Change.DELETE, call.uid))
        meant = await change(call, deltas)
        return Planned(order, call, ChangeRequest(Change.UPDATE, call.uid, deltas=tuple(meant)))

    def _call(self, order: Order, resource: Resource) -> Call:
        headers = {} if order.version is None else {"if-match": order.version}
        uid, data = resolved(order.uid, self._made), resolved(order.data, self._made)
        return Call(self._system, resource, self._options, self._base, headers=headers, uid=uid, body=data)

    async def _carry_out(self, planned: Sequence[Planned]) -> None:
        """
        Have the model make these changes, all of one object class, and then what follows each of them.
        """
        object_class = planned[0].call.resource.object_class
        outcomes = await self._many(object_class, [each.request for each in planned], self._options)
        following = {place: _follow_up(each, outcomes[place]) for place, each in enumerate(planned)}
        late = {place: each for place, each in following.items() if each is not None}
        if late:
            # What was made is completed, however long that takes.
            options = replace(self._options, deadline=None)
            ends = await self._many(object_class, list(late.values()), options)
            for place, end in zip(late, ends, strict=True):
                outcomes[place] = _joined(outcomes[place], late[place], end)
        for each, outcome in zip(planned, outcomes, strict=True):
            try:
                self._take(each, await _kept(each, outcome))
            except Problem as problem:
                self._refuse(each.order, problem)

    async def _many(
        self, object_class: str, requests: list[ChangeRequest], options: OperationOptions
    ) -> list[ChangeOutcome]:
        return await self._system.facade.apply_many(object_class, requests, options)

    def _take(self, planned: Planned, outcome: ChangeOutcome) -> None:
        if outcome.error is not None:
            self._refuse(planned.order, problem_of(outcome.error))
            return
        order, result = planned.order, outcome.result
        uid = planned.call.uid if result is None or result.uid is None else result.uid
        if order.bulk_id is not None and uid:
            self._made[order.bulk_id] = uid
        answer = _named(order)
        if uid:
            answer["location"] = planned.call.location(uid)
        answer["status"] = _STATUS[planned.request.change]
        self._answers[order.place] = answer
        if result is None:
            return
        call = replace(planned.call, uid=uid)
        if planned.request.change is Change.UPDATE:
            try:
                refuse_partial(call, result)
            except Problem as problem:
                self._refuse(order, problem)
                return
        warn_of(call, result.not_applied)
        notice = notice_of(result)
        if notice is not None:
            answer["response"] = notice

    def _refuse(self, order: Order, problem: Problem) -> None:
        self._errors += 1
        answer = _named(order)
        if order.uid:
            answer["location"] = f"{self._base}/{order.endpoint}/{order.uid}"
        self._answers[order.place] = {**answer, "status": str(problem.status), "response": problem.body}


def _follow_up(planned: Planned, outcome: ChangeOutcome) -> ChangeRequest | None:
    """
    Return what a new object is given, or what somebody who exists is given who is taken over; None when that is all.
    """
    if outcome.result is not None and outcome.result.uid is not None and planned.later:
        return ChangeRequest(Change.UPDATE, outcome.result.uid, deltas=tuple(planned.later))
    error, call = outcome.error, planned.call
    if isinstance(error, AlreadyExists) and error.uid is not None and _adopts(planned):
        taken = adoption(call, error.uid, planned.request.attributes or {})
        return ChangeRequest(Change.UPDATE, error.uid, deltas=tuple(taken))
    return None


async def _kept(planned: Planned, outcome: ChangeOutcome) -> ChangeOutcome:
    """
    Return what is left of an operation, where the settings have undone what was made in part only.
    """
    if outcome.result is None or planned.request.change is not Change.CREATE:
        return outcome
    return replace(outcome, result=await kept_or_undone(planned.call, outcome.result))


def _adopts(planned: Planned) -> bool:
    return planned.request.change is Change.CREATE and planned.call.system.manner.adopt


def _joined(outcome: ChangeOutcome, follow_up: ChangeRequest, end: ChangeOutcome) -> ChangeOutcome:
    """
    Return what became of an operation with what followed it; of somebody taken over, that is all there was.
    """
    told = end.result or end.error
    if outcome.result is None or told is None:
        return end
    return replace(outcome, result=completed(outcome.result, follow_up.deltas, told))


def _named(order: Order) -> dict[str, Any]:
    answer = {"method": order.method}
    return answer if order.bulk_id is None else {**answer, "bulkId": order.bulk_id}


def _depends(order: Order, waiting: Sequence[Planned]) -> bool:
    """
    Whether an operation has to wait for others: it names what they make, is about the same resource, or about another
    object class.
    """
    first = waiting[0].order.endpoint.lower()
    made = {each.order.bulk_id for each in waiting}
    same = {each.call.uid for each in waiting if each.call.uid}
    return order.endpoint.lower() != first or bool(order.references & made) or order.uid in same
