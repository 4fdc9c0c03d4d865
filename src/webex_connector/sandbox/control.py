"""
The control API under `/__sandbox__`: for tests in other processes and for people with a shell.

It asks for a token of its own in the header `X-Sandbox-Token`, is not limited, not traced, and no fault befalls it.
"""

import hmac
from dataclasses import replace
from typing import Literal, Protocol

import msgspec

from webex_connector.sandbox import rendering
from webex_connector.sandbox.clock import MovableClock
from webex_connector.sandbox.device_codes import Decision
from webex_connector.sandbox.exchange import Reply, Request, Route, Routes, json_reply
from webex_connector.sandbox.faults import Fault, Faults
from webex_connector.sandbox.limits import Limit, Limiter
from webex_connector.sandbox.meetings_site.control import SiteControl
from webex_connector.sandbox.meetings_site.sites import Sites
from webex_connector.sandbox.problems import Detail, Problem, body_of
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import Template
from webex_connector.sandbox.rules import templates
from webex_connector.sandbox.rules.templates import Present
from webex_connector.sandbox.trace import Trace
from webex_connector.sandbox.world import World

ROOT = "/__sandbox__"
"""
What paths of the control API begin with.
"""

_SHOWN_AT_ONCE = 1000


class Controlled(Protocol):
    """
    What the control API has its hands on.
    """

    clock: MovableClock
    faults: Faults
    limits: Limiter
    trace: Trace
    sites: Sites

    @property
    def world(self) -> World:
        """
        The organisation, with everything done that is due.
        """
        ...

    def seed(self, people: int, seed: int) -> None:
        """
        Put a new organisation in the place of the old one.
        """
        ...

    def reset(self) -> None:
        """
        Begin again with the organisation as it was seeded, no faults, the first limit and an empty trace.
        """
        ...


class _Seed(msgspec.Struct, forbid_unknown_fields=True):
    people: int
    seed: int = 7


class _Advance(msgspec.Struct, forbid_unknown_fields=True):
    advance: float


class _Decided(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    user_code: str
    decision: Literal["allow", "deny"]


class _Templates(msgspec.Struct, forbid_unknown_fields=True):
    template: Template
    present: Present = Present.LEAVE


class Control:
    """
    The control API of one sandbox.
    """

    def __init__(self, of: Controlled, token: str | None) -> None:
        self._of = of
        self._token = token
        self._routes = Routes(
            Route(method, template, handler, root=ROOT)
            for method, template, handler in (
                ("GET", "/summary", self._summary),
                ("POST", "/reset", self._reset),
                ("POST", "/seed", self._seed),
                ("POST", "/clock", self._advance),
                ("GET", "/people", self._people),
                ("GET", "/groups", self._groups),
                ("GET", "/licenses", self._licenses),
                ("GET", "/devices", self._list_devices),
                ("POST", "/devices", self._decide_device),
                ("GET", "/faults", self._list_faults),
                ("POST", "/faults", self._add_fault),
                ("DELETE", "/faults", self._clear_faults),
                ("GET", "/limits", self._show_limits),
                ("PUT", "/limits", self._change_limits),
                ("GET", "/quirks", self._show_quirks),
                ("PUT", "/quirks", self._change_quirks),
                ("GET", "/templates", self._show_templates),
                ("POST", "/templates", self._use_template),
                ("DELETE", "/templates", self._clear_templates),
                ("GET", "/trace", self._show_trace),
                ("GET", "/trace/operations", self._show_operations),
                ("DELETE", "/trace", self._clear_trace),
                *SiteControl(of.sites).handlers,
            )
        )

    def answer(self, request: Request) -> Reply:
        """
        Carry a request out; without a token given at the start there is no control API, and all is not found.
        """
        try:
            self._require_token(request)
            route, params = self._routes.find(request.method, request.path)
            return route.handler(self._of.world, replace(request, params=params))
        except Problem as problem:
            return Reply(problem.status, body_of(problem.message, problem.details, "SANDBOX_CONTROL"))

    def _require_token(self, request: Request) -> None:
        if self._token is None:
            raise Problem(404)
        given = request.headers.get("x-sandbox-token", "")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            raise Problem(401, message="The header X-Sandbox-Token is missing or wrong.")

    def _summary(self, world: World, _request: Request) -> Reply:
        return json_reply(
            200,
            {
                "now": rendering.moment(world.now()),
                "people": world.people_count,
                "sites": [site.facts.name for site in self._of.sites],
                "groups": len(world.groups),
                "writes": world.writes,
                "requests": {"reads": self._of.trace.reads, "writes": self._of.trace.writes},
                "limits": {"admitted": self._of.limits.admitted, "refused": self._of.limits.refused},
            },
        )

    def _reset(self, _world: World, _request: Request) -> Reply:
        self._of.reset()
        return Reply(204)

    def _seed(self, _world: World, request: Request) -> Reply:
        asked = request.json(_Seed)
        try:
            self._of.seed(asked.people, asked.seed)
        except ValueError as error:
            raise Problem(400, Detail(str(error))) from None
        return Reply(204)

    def _advance(self, _world: World, request: Request) -> Reply:
        try:
            self._of.clock.advance(request.json(_Advance).advance)
        except ValueError as error:
            raise Problem(400, Detail(str(error))) from None
        return Reply(204)

    def _people(self, world: World, request: Request) -> Reply:
        address = request.query.get("email")
        if address is not None:
            person = world.person_at(address)
            return json_reply(200, {"people": [person] if person else []})
        start = request.number("start", 1) - 1
        shown = [person for _, (_, person) in zip(range(_SHOWN_AT_ONCE), world.people(start), strict=False)]
        return json_reply(200, {"total": world.people_count, "people": shown})

    def _groups(self, world: World, _request: Request) -> Reply:
        rows = (
            {"uuid": group.uuid, "displayName": group.display_name, "members": len(group.members)}
            for group in world.groups.values()
        )
        return json_reply(200, {"groups": list(rows)})

    def _licenses(self, world: World, _request: Request) -> Reply:
        rows = (
            {"key": key, "name": entry.name, "total": entry.total_units, "consumed": world.consumed[key]}
            for key, entry in world.licenses.items()
        )
        return json_reply(200, {"licenses": list(rows)})

    def _list_devices(self, world: World, _request: Request) -> Reply:
        rows = (
            {
                "userCode": asked.user_code,
                "clientId": asked.client_id,
                "scopes": sorted(asked.scopes),
                "decision": asked.decision.value,
            }
            for asked in world.grants.devices.all()
        )
        return json_reply(200, {"devices": list(rows)})

    def _decide_device(self, world: World, request: Request) -> Reply:
        told = request.json(_Decided)
        asked = world.grants.devices.undecided(told.user_code)
        if asked is None:
            raise Problem(404, Detail(f"No device waits with the code {told.user_code}."))
        asked.decision = Decision(told.decision)
        return Reply(204)

    def _list_faults(self, _world: World, _request: Request) -> Reply:
        return json_reply(200, {"faults": self._of.faults.scheduled})

    def _add_fault(self, _world: World, request: Request) -> Reply:
        try:
            return json_reply(201, {"number": self._of.faults.add(request.json(Fault))})
        except ValueError as error:
            raise Problem(400, Detail(str(error))) from None

    def _clear_faults(self, _world: World, _request: Request) -> Reply:
        self._of.faults.clear()
        return Reply(204)

    def _show_limits(self, _world: World, _request: Request) -> Reply:
        return json_reply(200, {"limit": self._of.limits.shape})

    def _change_limits(self, _world: World, request: Request) -> Reply:
        self._of.limits.change(request.json(Limit).limit)
        return Reply(204)

    def _show_quirks(self, world: World, _request: Request) -> Reply:
        return json_reply(200, world.quirks)

    def _change_quirks(self, world: World, request: Request) -> Reply:
        world.quirks = request.json(Quirks)
        return Reply(204)

    def _show_templates(self, world: World, _request: Request) -> Reply:
        return json_reply(200, {"templates": list(world.templates.values())})

    def _use_template(self, world: World, request: Request) -> Reply:
        asked = request.json(_Templates)
        try:
            templates.use(world, asked.template, asked.present)
        except KeyError as unknown:
            raise Problem(400, Detail(f"There is no {unknown}.")) from None
        return Reply(204)

    def _clear_templates(self, world: World, _request: Request) -> Reply:
        world.templates.clear()
        return Reply(204)

    def _show_trace(self, _world: World, request: Request) -> Reply:
        entries = self._of.trace.requests(
            method=request.query.get("method"),
            path=request.query.get("path"),
            since=request.number("since", 0, least=0),
        )
        return json_reply(200, {"requests": entries[:_SHOWN_AT_ONCE]})

    def _show_operations(self, _world: World, request: Request) -> Reply:
        within = request.number("within", 0, least=0)
        entries = self._of.trace.operations(within=within or None, method=request.query.get("method"))
        return json_reply(200, {"operations": entries[:_SHOWN_AT_ONCE]})

    def _clear_trace(self, _world: World, _request: Request) -> Reply:
        self._of.trace.clear()
        return Reply(204)
