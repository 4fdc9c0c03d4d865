"""
Object classes of the in-memory connector that tell what changed; and such that break one promise each.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from fakes.memory_connector import Row, Traffic, Traits, WritingHandler
from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.errors import InvalidOption
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import DeltaType, SyncDelta
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo


class FollowedHandler(WritingHandler):
    """
    Every write through it is noted; a token is a place among the notes.
    """

    def __init__(self, info: ObjectClassInfo, rows: dict[str, Row], traits: Traits, traffic: Traffic) -> None:
        super().__init__(info, rows, traits, traffic)
        self.notes: list[str] = []
        """
        The uids written, in order.
        """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Add a row.
        """
        return self._noted(await super().create(attributes, options))

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change a row.
        """
        return self._noted(await super().update(uid, deltas, options))

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Drop a row.
        """
        return self._noted(await super().delete(uid, options))

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Tell of each object that was written since, once, in the order of the last writes.
        """
        await self.traffic.call("sync")
        if token is None:
            for uid in list(self.rows):
                yield SyncDelta(DeltaType.CREATE_OR_UPDATE, uid, self.token(len(self.notes)), self.found(uid))
            return
        place = self.place(token)
        last = {uid: number for number, uid in enumerate(self.notes, 1) if number > place}
        for uid, number in sorted(last.items(), key=lambda pair: pair[1]):
            if uid in self.rows:
                yield SyncDelta(DeltaType.CREATE_OR_UPDATE, uid, self.token(number), self.found(uid))
            else:
                yield SyncDelta(DeltaType.DELETE, uid, self.token(number))

    async def latest_token(self, options: OperationOptions) -> str:
        """
        Return the place after all notes.
        """
        return self.token(len(self.notes))

    def token(self, place: int) -> str:
        """
        Return the token of a place.
        """
        return f"after {place}"

    def place(self, token: str) -> int:
        """
        Return the place of a token. Raises InvalidOption.
        """
        word, _, number = token.partition(" ")
        if word != "after" or not number.isdigit():
            raise InvalidOption(f"{token!r} is no token")
        return int(number)

    def _noted(self, result: WriteResult) -> WriteResult:
        if result.uid is not None and not result.withheld:
            self.notes.append(result.uid)
        return result


class TellsOfOne(FollowedHandler):
    """
    Without a token, one object is left out.
    """

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Leave out the first delta of everything.
        """
        first = token is None
        async for delta in super().sync(token, options):
            if not first:
                yield delta
            first = False


class RepeatsEverything(FollowedHandler):
    """
    Every token stands for the beginning.
    """

    def place(self, token: str) -> int:
        """
        Forget the place.
        """
        super().place(token)
        return 0

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Tell everything, whatever the token.
        """
        async for delta in super().sync(None, options):
            yield delta


class TellsOnce(FollowedHandler):
    """
    Whatever was told of once is never told of again, acknowledged or not.
    """

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Forget what was told of.
        """
        deltas = [delta async for delta in super().sync(token, options)]
        self.notes[:] = ["nobody" if uid in {delta.uid for delta in deltas} else uid for uid in self.notes]
        for delta in deltas:
            if delta.uid != "nobody":
                yield delta


class NeverTellsOfDeletions(FollowedHandler):
    """
    What is gone is not told of.
    """

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Leave deletions out.
        """
        async for delta in super().sync(token, options):
            if delta.type is not DeltaType.DELETE:
                yield delta


class ShowsTheOldTitle(FollowedHandler):
    """
    A delta shows an object without its latest change.
    """

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Take the title out.
        """
        async for delta in super().sync(token, options):
            found = delta.object
            if found is not None:
                attributes = {name: values for name, values in found.attributes.items() if name != "title"}
                found = replace(found, attributes=attributes)
            yield replace(delta, object=found)


class AcknowledgesAll(FollowedHandler):
    """
    The first delta's token stands behind all of them.
    """

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Give every delta the last token.
        """
        async for delta in super().sync(token, options):
            yield replace(delta, token=self.token(len(self.notes)))


class TakesAnyToken(FollowedHandler):
    """
    A damaged token stands for the beginning.
    """

    def place(self, token: str) -> int:
        """
        Take what is no token for the beginning.
        """
        try:
            return super().place(token)
        except InvalidOption:
            return 0
