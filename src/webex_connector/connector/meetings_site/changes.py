"""
What changed among the users of a site, told to whoever comes back with a token.

The API has neither a feed of changes nor a date of modification, so the listing is read to its end and compared with
what was told before, of which an inventory keeps a digest for each user. A user is read by itself only where its line
of the listing changed; what the listing does not show, as privileges, changes unnoticed until then.
"""

import hashlib
import secrets
from collections.abc import AsyncIterator

from msgspec.structs import replace

from webex_connector.base.clock import Clock
from webex_connector.connector.change_sighting import Sight, Sighting, milliseconds
from webex_connector.connector.change_telling import Change, Telling, gone, there
from webex_connector.connector.change_token import AGAIN, Mark, mark_in, written
from webex_connector.connector.inventory import Inventory, Note
from webex_connector.connector.meetings_site.account import SEEN_IN_LIST, Accounts
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectionBroken, InvalidOption, UnknownUid
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.operations import SyncDelta
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.validation import wanted
from webex_connector.webex.meetings_xml.site import MeetingsSite


class FollowedAccounts(Accounts):
    """
    Users, and what changed about them.
    """

    def __init__(self, site: MeetingsSite, clock: Clock, inventory: Inventory, *, at_once: int, page: int) -> None:
        super().__init__(site, clock, at_once=at_once, page=page)
        self._inventory = inventory

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Tell what changed after the token; without one everybody there is.

        Presenting a token acknowledges all that was told up to it. Raises InvalidOption for a token that is damaged,
        that was followed by a later one, or of whose stream nobody knows any more.
        """
        asked = wanted(self.info, options)
        mark = Mark(names.ACCOUNT, secrets.token_urlsafe(12), 0) if token is None else mark_in(token, names.ACCOUNT)
        if token is None:
            await self._inventory.begin(mark.stream, 0)
        standing = await self._inventory.settle(mark.stream, mark.number)
        if standing is None:
            raise InvalidOption(f"Nobody remembers what was told before this sync token. {AGAIN}")
        if standing.acknowledged > mark.number:
            raise InvalidOption(f"A later sync token of this stream was presented already. {AGAIN}")
        telling = Telling(self._inventory, mark, standing.base)
        async for delta in telling.deltas(self._compared(telling, asked, options)):
            yield delta

    async def latest_token(self, options: OperationOptions) -> str:
        """
        Return the token of now, after reading the listing once. Raises ConnectorError when it cannot be read to its
        end.
        """
        stream, started, inventory = secrets.token_urlsafe(12), milliseconds(self._clock.now()), self._inventory
        await inventory.begin(stream, 0)
        async for listed in self.lists(options):
            await inventory.note(stream, [Note(0, each.uid, _sight(each).mark) for each in listed])
        await inventory.complete(stream, 0)
        standing = await inventory.settle(stream, 0)
        if standing is None:
            raise ConnectionBroken("The record of what was seen was forgotten while it was made; try again")
        return written(Mark(names.ACCOUNT, stream, 0, started, started, standing.count))

    async def _compared(
        self, telling: Telling, asked: frozenset[str], options: OperationOptions
    ) -> AsyncIterator[tuple[int, Change]]:
        stream, walk, first = telling.mark.stream, secrets.token_hex(8), telling.mark.since is None
        started = milliseconds(self._clock.now())
        async for listed in self.lists(options):
            unique = {each.uid: each for each in listed}
            marks = await self._inventory.marks(stream, list(unique))
            changed = [
                each
                for uid, each in unique.items()
                if uid not in telling.handled and _sight(each).tells_more_than(marks.get(uid))
            ]
            found = await self.completed(changed, asked, options)
            await self._inventory.see(stream, walk, list(unique))
            told = [
                there(
                    Sighting(each.uid, _sight(unique.get(each.uid, each))),
                    each.only(asked),
                    marks.get(each.uid),
                    first=first,
                )
                for each in found
            ]
            async for pair in telling.announce(told):
                yield pair
        async for some in self._inventory.unseen(stream, walk):
            missing = [uid for uid in some if uid not in telling.handled and await self._is_gone(uid, options)]
            async for pair in telling.announce([gone(uid, uid) for uid in missing]):
                yield pair
        await self._inventory.complete(stream, 0)
        telling.final = replace(telling.final, since=started, audited=started)

    async def _is_gone(self, uid: str, options: OperationOptions) -> bool:
        """
        Say whether the site, asked for this very user, says that there is none: a listing alone proves nothing.
        """
        try:
            await self.get(uid, frozenset(), options)
        except UnknownUid:
            return True
        return False


def _sight(listed: ConnectorObject) -> Sight:
    """
    Return the digest of a user's line of the listing.
    """
    told = [f"{name}={listed.values(name)!r}" for name in sorted(SEEN_IN_LIST)]
    return Sight(0, detail=hashlib.blake2b("\n".join(told).encode(), digest_size=12).hexdigest())
