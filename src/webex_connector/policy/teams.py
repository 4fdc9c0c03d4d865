"""
Teams that policies put people in: no attribute of the person, but one of each team.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeGuard

from webex_connector.icf.attributes import AttributeDelta, added, removed
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.operations import CanUpdate, Handler
from webex_connector.icf.options import OperationOptions
from webex_connector.policy.gift import Gift, missed
from webex_connector.policy.named import CLASSES
from webex_connector.policy.provisioning import What

_MEMBERS = "members"


class Teams:
    """
    Puts people into teams, and takes them out.
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        handler = handlers.get(CLASSES[What.TEAM])
        self._handler = handler if handler is not None and _can_update(handler) else None

    async def moved(
        self, result: WriteResult, gift: Gift, leaves: tuple[str, ...], options: OperationOptions
    ) -> WriteResult:
        """
        Return the result of a person's write with their teams changed. A team that cannot be changed is not applied.
        """
        joins = gift.due(What.TEAM)
        if not joins and not leaves:
            return result
        if result.uid is None or options.dry_run:
            lines = [f"join the team {gift.label(uid)}" for uid in joins]
            lines += [f"leave the team {gift.label(uid)}" for uid in leaves]
            return replace(result, withheld=(*result.withheld, *lines))
        member = {"id": result.uid}
        left_out: list[NotApplied] = []
        for team, delta in [(uid, added(_MEMBERS, member)) for uid in joins] + [
            (uid, removed(_MEMBERS, member)) for uid in leaves
        ]:
            left_out += await self._change(team, delta, gift, options)
        return replace(result, not_applied=(*result.not_applied, *left_out))

    async def _change(
        self, team: str, delta: AttributeDelta, gift: Gift, options: OperationOptions
    ) -> list[NotApplied]:
        if self._handler is None:
            raise TypeError("teams are found, but cannot be changed")
        try:
            done = await self._handler.update(team, [delta], options)
        except ConnectorError as error:
            reason = f"the team {gift.label(team)}: {error.message}"
            return [missed(What.TEAM.value, (team,), reason, error.tracking_id)]
        return [
            missed(What.TEAM.value, (team,), f"the team {gift.label(team)}: {each.reason}", each.tracking_id)
            for each in done.not_applied
        ]


def _can_update(handler: Handler) -> TypeGuard[CanUpdate]:
    return isinstance(handler, CanUpdate)
