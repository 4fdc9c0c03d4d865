"""
What changed in Control Hub, told to whoever comes back with a token.

Webex has no change feed (https://developer.webex.com/docs/api/v1/people has neither filter nor order by modification).
So what changed is found by looking: by SCIM the newest modifications first, without SCIM a list of everything. What is
deleted shows as a total that is too small, and then by comparing everything.
"""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.change_sighting import milliseconds, sight_in
from webex_connector.connector.change_telling import Telling
from webex_connector.connector.change_token import AGAIN, Mark, mark_in, written
from webex_connector.connector.control_hub.account import Accounts
from webex_connector.connector.control_hub.account_scim import ScimAccounts
from webex_connector.connector.control_hub.change_recovery import Recovery
from webex_connector.connector.control_hub.change_round import Round
from webex_connector.connector.control_hub.change_source import Source
from webex_connector.connector.control_hub.group import Groups
from webex_connector.connector.inventory import Inventory, Note, Standing
from webex_connector.icf.errors import ConnectionBroken, InvalidOption
from webex_connector.icf.operations import SyncDelta
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.icf.validation import wanted
from webex_connector.webex.client import WebexClient


@dataclass(frozen=True, slots=True)
class Feed:
    """
    The changes of one object class.
    """

    source: Source
    inventory: Inventory
    client: WebexClient
    clock: Clock

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Tell what changed after the token; without one everything there is.

        Presenting a token acknowledges all that was told up to it. Raises InvalidOption for a token that is damaged,
        that was followed by a later one, or after which something was deleted that nobody can name any more.
        """
        info = self.source.info
        asked = wanted(info, options)
        mark = Mark(info.name, secrets.token_urlsafe(12), 0) if token is None else mark_in(token, info.name)
        await self.source.sorts(call_of(options))
        started = self._now()
        if token is None:
            await self.inventory.begin(mark.stream, 0)
        standing = await self.inventory.settle(mark.stream, mark.number)
        if standing is not None and standing.acknowledged > mark.number:
            raise InvalidOption(f"A later sync token of this stream was presented already. {AGAIN}")
        telling = Telling(self.inventory, mark, mark.number if standing is None else standing.base)
        if standing is not None and (standing.complete or mark.since is None):
            found = Round(self.source, self.inventory, telling, standing, asked, options, started).changes()
        elif mark.since is not None:
            found = Recovery(self.source, self.inventory, telling, asked, options, started, mark.since).changes()
        else:
            raise InvalidOption(f"Nobody remembers what was told before this sync token. {AGAIN}")
        async for delta in telling.deltas(found):
            yield delta

    async def latest_token(self, options: OperationOptions) -> str:
        """
        Return the token of now, after looking at everything there is once.

        Raises ConnectorError when the list cannot be read to its end.
        """
        call = call_of(options)
        await self.source.sorts(call)
        started, stream = self._now(), secrets.token_urlsafe(12)
        await self.inventory.begin(stream, 0)
        newest = 0
        async for page in self.source.everything(frozenset(), options):
            await self.inventory.note(stream, [Note(0, each.key, each.sight.mark) for each in page])
            newest = max([newest, *(each.sight.modified for each in page)])
        standing = await self._with_events(stream, started, options)
        since = min(started, newest) if newest else started
        return written(Mark(self.source.info.name, stream, 0, since, started, standing.count))

    async def _with_events(self, stream: str, started: int, options: OperationOptions) -> Standing:
        """
        Complete a new stream. Late events about what was just seen are no changes.
        """
        hints = await self.source.hinted(started, call_of(options)) or {}
        marks = await self.inventory.marks(stream, list(hints))
        sights = {key: replace(sight_in(mark), event=hints[key]) for key, mark in marks.items()}
        await self.inventory.note(stream, [Note(0, key, sight.mark) for key, sight in sights.items()])
        await self.inventory.complete(stream, 0)
        standing = await self.inventory.settle(stream, 0)
        if standing is None:
            raise ConnectionBroken("The record of what was seen was forgotten while it was made; try again")
        return standing

    def _now(self) -> int:
        """
        Return the moment by Webex's clock, as far as it is known; rather too early than too late.
        """
        return milliseconds(self.clock.now() + min(timedelta(), self.client.lead or timedelta()))


class Followed:
    """
    What makes an object class one whose changes are told.
    """

    info: ObjectClassInfo
    _feed: Feed

    def follow(self, feed: Feed) -> None:
        """
        Tell changes from this feed.
        """
        self._feed = feed

    def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Tell what changed after the token, as `Feed.sync` does.
        """
        return self._feed.sync(token, options)

    async def latest_token(self, options: OperationOptions) -> str:
        """
        Return the token of now, as `Feed.latest_token` does.
        """
        return await self._feed.latest_token(options)


class FollowedAccounts(Followed, Accounts):
    """
    People, and what changed about them.
    """


class FollowedScimAccounts(Followed, ScimAccounts):
    """
    People where SCIM may be the road, and what changed about them.
    """


class FollowedGroups(Followed, Groups):
    """
    Groups, and what changed about them.
    """
