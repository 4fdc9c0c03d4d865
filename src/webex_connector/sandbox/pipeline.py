"""
One request's way through faults, token, limits and rules to its answer; no network here.
"""

import email.utils
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from webex_connector.sandbox import faults, ids, limits, paging, places, problems
from webex_connector.sandbox.clock import MovableClock
from webex_connector.sandbox.delivery import Delivery, Manner, Part
from webex_connector.sandbox.exchange import Media, Reply, Request, Route, Routes
from webex_connector.sandbox.faults import Effect, Facts, Faults
from webex_connector.sandbox.grants import AccessToken
from webex_connector.sandbox.limits import Limiter
from webex_connector.sandbox.problems import Detail, Problem
from webex_connector.sandbox.quirks import RetryAfter
from webex_connector.sandbox.rules import audit
from webex_connector.sandbox.world import World

_HTML = b"<html><head><title>%d</title></head><body><center><h1>%d</h1></center></body></html>"
_LARGEST_BODY = 4 * 1024 * 1024
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class _Interrupted(Exception):  # the end of a bulk request before its last operation, not an error
    def __init__(self, delivery: Delivery, effect: Effect, status: int) -> None:
        self.delivery = replace(delivery, fault=faults.kind_of(effect))
        self.status = status
        super().__init__(self.delivery.fault)


@dataclass(frozen=True, slots=True)
class _Inside:
    """
    What happens within a bulk request.
    """

    waits: list[float] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """
    What stands between a request and the rules.
    """

    routes: Routes
    faults: Faults
    limits: Limiter
    clock: MovableClock

    async def answer(self, world: World, request: Request, tracking_id: str) -> tuple[Request, Delivery]:
        """
        Carry a request out; returns it as routed, with its answer. Refusals are answers too.
        """
        try:
            route, params = self.routes.find(request.method, places.assumed(world.quirks, request.path))
        except Problem as problem:
            return request, Delivery(_refusal(problem, tracking_id))
        request = replace(request, template=route.template, params=params)
        effect = self.faults.strike(facts_of(request))
        if early := await self._before(world, effect, request, tracking_id):
            return request, replace(early, fault=faults.kind_of(effect))
        inside = _Inside()
        request, reply = self._carried_out(world, route, request, tracking_id, inside)
        if inside.waits:
            await self.clock.sleep(sum(inside.waits))
        actor = request.token.actor if request.token else ""
        delivery = reply if isinstance(reply, Delivery) else _after(effect, reply, tracking_id)
        fault = faults.kind_of(effect) or delivery.fault
        return request, replace(delivery, fault=fault, actor=actor, parts=tuple(inside.parts))

    async def _before(self, world: World, effect: Effect | None, request: Request, tracking: str) -> Delivery | None:
        match effect:
            case faults.Delay(seconds=seconds):
                await self.clock.sleep(seconds)
            case faults.Throttle(retry_after=seconds):
                return Delivery(_with_wait(_refusal(Problem(429), tracking), seconds))
            case faults.Fail(status=status, html=True, retry_after=seconds):
                page = Reply(status, _HTML % (status, status), {"Content-Type": "text/html"})
                return Delivery(_with_wait(page, seconds))
            case faults.Fail(status=status, retry_after=seconds):
                return Delivery(_with_wait(_refusal(Problem(status), tracking), seconds))
            case faults.Reset():
                return Delivery(Reply(0), Manner.RESET)
            case faults.ExpireToken():
                world.grants.revoke(request.headers.get("authorization", "").partition(" ")[2].strip())
            case _:
                pass
        return None

    def _carried_out(
        self, world: World, route: Route, request: Request, tracking: str, inside: _Inside
    ) -> tuple[Request, Reply | Delivery]:
        try:
            _require_media(route, request)
            if route.scopes:
                token = world.grants.check(request.headers.get("authorization", ""))
                request = replace(request, token=token)
                if wait := self.limits.admit(self.clock.monotonic(), token.actor):
                    return request, self._throttled(world, wait, tracking)
                _require_rights(world, route, token)
        except Problem as problem:
            return request, _refusal(problem, tracking)
        if route.scim:
            request = replace(request, within=partial(self._within, world, request, tracking, inside))
        try:
            return request, _handled(world, route, request, tracking)
        except _Interrupted as interruption:
            return request, interruption.delivery

    def _within(
        self, world: World, outer: Request, tracking: str, inside: _Inside, method: str, path: str, body: bytes
    ) -> Reply:
        """
        Carry out one operation of a bulk request. A fault that breaks the connection ends the request there.
        """
        route, params = self.routes.find(method, places.assumed(world.quirks, path))
        request = replace(outer, method=method, path=path, body=body, template=route.template, params=params)
        effect = self.faults.strike(facts_of(request))
        try:
            reply = self._operation(world, route, request, tracking, effect)
        except _Interrupted as interruption:
            inside.parts.append(Part(request, interruption.status, faults.kind_of(effect)))
            raise
        if isinstance(effect, faults.Delay):
            inside.waits.append(effect.seconds)
        inside.parts.append(Part(request, reply.status, faults.kind_of(effect)))
        return reply

    def _operation(self, world: World, route: Route, request: Request, tracking: str, effect: Effect | None) -> Reply:
        match effect:
            case faults.Throttle():
                return _scim_refusal(world, Problem(429), tracking)
            case faults.Fail(status=status):
                return _scim_refusal(world, Problem(status), tracking)
            case faults.ExpireToken() if request.token:
                world.grants.revoke(request.token.text)
                return _scim_refusal(world, Problem(401), tracking)
            case faults.Reset():
                raise _Interrupted(Delivery(Reply(0), Manner.RESET), effect, status=0)
            case _:
                pass
        try:
            if request.token:
                _require_rights(world, route, request.token)
        except Problem as problem:
            return _scim_refusal(world, problem, tracking)
        reply = _handled(world, route, request, tracking)
        match effect:
            case faults.RefuseButApplied(status=status, description=description):
                return _scim_refusal(world, Problem(status, Detail(description)), tracking)
            case faults.LoseAnswer() | faults.HalfBody() | faults.WrongJson():
                raise _Interrupted(_after(effect, replace(reply, status=200), tracking), effect, reply.status)
            case _:
                return reply

    def _throttled(self, world: World, wait: float, tracking: str) -> Reply:
        reply = _refusal(Problem(429), tracking)
        seconds = limits.retry_after(wait)
        match world.quirks.retry_after:
            case RetryAfter.ABSENT:
                return reply
            case RetryAfter.SECONDS:
                return _with_wait(reply, seconds)
            case RetryAfter.HTTP_DATE:
                # Dates have whole seconds; rounded up for the same reason as the seconds themselves.
                moment = self.clock.now() + timedelta(seconds=seconds, microseconds=999_999)
                return replace(reply, headers={"Retry-After": email.utils.format_datetime(moment, usegmt=True)})


def facts_of(request: Request) -> Facts:
    """
    Return what faults are matched by.
    """
    readable = " ".join((request.path, request.query_string, *request.query.values(), subject_of(request)))
    body = request.body.decode(errors="replace")
    return Facts(request.method, request.template, readable, body, paging.page_number(request.query))


def subject_of(request: Request) -> str:
    """
    Return the value of the identifier in the path, or the identifier as it is when it cannot be read.
    """
    text = request.params.get("id", "")
    values = (ids.known_value_of(kind, text) for kind in ids.Kind) if text else ()
    return next((value for value in values if value), text)


def _after(effect: Effect | None, reply: Reply, tracking: str) -> Delivery:
    match effect:
        case faults.LoseAnswer():
            return Delivery(reply, Manner.CLOSED)
        case faults.HalfBody():
            return Delivery(reply, Manner.HALF)
        case faults.WrongJson(body=body):
            return Delivery(replace(reply, status=_with_content(reply.status), body=body.encode()))
        case faults.RefuseButApplied(status=status, description=description):
            return Delivery(_refusal(Problem(status, Detail(description)), tracking))
        case _:
            return Delivery(reply)


def _with_content(status: int) -> int:
    return 200 if status == 204 else status  # noqa: PLR2004  # an HTTP status


def _require_media(route: Route, request: Request) -> None:
    if len(request.body) > _LARGEST_BODY:
        raise Problem(413)
    if request.method not in _WITH_BODY:
        return
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != route.media.value:
        raise Problem(415, Detail(f"Content type '{given}' not supported"))
    if route.media is Media.JSON and not request.body:
        raise problems.bad_request("Required request body is missing.")


def _require_rights(world: World, route: Route, token: AccessToken) -> None:
    if not any(needed <= token.scopes for needed in route.scopes):
        raise Problem(403)
    if route.scim and token.person is None and route.is_write and not world.quirks.scim_machine_writes:
        raise Problem(403)
    if not route.roles or token.person is None:
        return
    person = world.person(token.person)
    if person is None or route.roles.isdisjoint(person.roles):
        raise Problem(403)


def _handled(world: World, route: Route, request: Request, tracking: str) -> Reply:
    caller = audit.caller(world, request.token, request.headers.get("user-agent", ""), tracking)
    try:
        with world.acting(caller):
            return route.handler(world, request)
    except Problem as problem:
        if route.is_write:
            audit.refused(world, caller, request.method, (route.template, request.params.get("id", "")), problem)
        if route.scim:
            return _scim_refusal(world, problem, tracking)
        plain = problem if world.quirks.error_details else Problem(problem.status, message=problem.message)
        return _refusal(plain, tracking)


def _scim_refusal(world: World, problem: Problem, tracking: str) -> Reply:
    return Reply(problem.status, problems.scim_body_of(problem, tracking, world.quirks.scim_errors))


def _refusal(problem: Problem, tracking: str) -> Reply:
    return Reply(problem.status, problems.body_of(problem.message, problem.details, tracking))


def _with_wait(reply: Reply, seconds: int | None) -> Reply:
    return reply if seconds is None else replace(reply, headers={**reply.headers, "Retry-After": str(seconds)})
