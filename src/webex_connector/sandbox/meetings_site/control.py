"""
The part of the control API that belongs to classic sites, below `/sites`.
"""

from typing import Any

import msgspec

from webex_connector.sandbox.exchange import Handler, Reply, Request, json_reply
from webex_connector.sandbox.faults import Fault
from webex_connector.sandbox.limits import Limit
from webex_connector.sandbox.meetings_site.quirks import SiteQuirks
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.site import MeetingsSite
from webex_connector.sandbox.meetings_site.sites import Sites
from webex_connector.sandbox.problems import Detail, Problem

_SHOWN_AT_ONCE = 1000


class _Opened(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    users: int = 500
    seed: int = 7


class SiteControl:
    """
    What can be looked at and changed from other processes.
    """

    def __init__(self, sites: Sites) -> None:
        self._sites = sites
        one = "/sites/{name}"
        self.handlers: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "/sites", self._list),
            ("POST", "/sites", self._open),
            ("POST", f"{one}/reset", self._reset),
            ("GET", f"{one}/users", self._users),
            ("GET", f"{one}/mails", self._mails),
            ("GET", f"{one}/faults", self._list_faults),
            ("POST", f"{one}/faults", self._add_fault),
            ("DELETE", f"{one}/faults", self._clear_faults),
            ("GET", f"{one}/limits", self._show_limits),
            ("PUT", f"{one}/limits", self._change_limits),
            ("GET", f"{one}/quirks", self._show_quirks),
            ("PUT", f"{one}/quirks", self._change_quirks),
            ("GET", f"{one}/trace", self._show_trace),
            ("DELETE", f"{one}/trace", self._clear_trace),
        )
        """Method, path and what answers it."""

    def _site(self, request: Request) -> MeetingsSite:
        try:
            return self._sites[request.params["name"]]
        except KeyError:
            raise Problem(404, Detail(f"There is no site {request.params['name']}.")) from None

    def _list(self, _world: Any, _request: Request) -> Reply:
        rows = (
            {
                **msgspec.to_builtins(site.credentials),
                "users": site.world.user_count,
                "writes": site.world.writes,
                "requests": {"reads": site.trace.reads, "writes": site.trace.writes},
            }
            for site in self._sites
        )
        return json_reply(200, {"sites": list(rows)})

    def _open(self, _world: Any, request: Request) -> Reply:
        asked = request.json(_Opened)
        try:
            site = self._sites.open(asked.name, users=asked.users, seed=asked.seed)
        except ValueError as error:
            raise Problem(400, Detail(str(error))) from None
        return json_reply(201, site.credentials)

    def _reset(self, _world: Any, request: Request) -> Reply:
        self._site(request).reset()
        return Reply(204)

    def _users(self, _world: Any, request: Request) -> Reply:
        world = self._site(request).world
        named = request.query.get("webExId")
        if named is not None:
            user = world.user(named)
            return json_reply(200, {"users": [_shown(user)] if user else []})
        start = request.number("start", 1) - 1
        users = [_shown(user) for place, user in enumerate(world.users()) if start <= place < start + _SHOWN_AT_ONCE]
        return json_reply(200, {"total": world.user_count, "users": users})

    def _mails(self, _world: Any, request: Request) -> Reply:
        return json_reply(200, {"mails": self._site(request).world.mails})

    def _list_faults(self, _world: Any, request: Request) -> Reply:
        return json_reply(200, {"faults": self._site(request).faults.scheduled})

    def _add_fault(self, _world: Any, request: Request) -> Reply:
        return json_reply(201, {"number": self._site(request).faults.add(request.json(Fault))})

    def _clear_faults(self, _world: Any, request: Request) -> Reply:
        self._site(request).faults.clear()
        return Reply(204)

    def _show_limits(self, _world: Any, request: Request) -> Reply:
        return json_reply(200, Limit(self._site(request).limits.shape))

    def _change_limits(self, _world: Any, request: Request) -> Reply:
        self._site(request).limits.change(request.json(Limit).limit)
        return Reply(204)

    def _show_quirks(self, _world: Any, request: Request) -> Reply:
        return json_reply(200, self._site(request).quirks)

    def _change_quirks(self, _world: Any, request: Request) -> Reply:
        self._site(request).quirks = request.json(SiteQuirks)
        return Reply(204)

    def _show_trace(self, _world: Any, request: Request) -> Reply:
        entries = self._site(request).trace.requests(
            template=request.query.get("operation"),
            since=request.number("since", 0, least=0),
        )
        return json_reply(200, {"requests": entries[:_SHOWN_AT_ONCE]})

    def _clear_trace(self, _world: Any, request: Request) -> Reply:
        self._site(request).trace.clear()
        return Reply(204)


def _shown(user: User) -> dict[str, Any]:
    return {
        "userId": user.user_id,
        "fields": user.fields,
        "meetingTypes": user.meeting_types,
        "locked": user.locked,
        "mustChange": user.must_change,
        "registered": user.registered,
    }
