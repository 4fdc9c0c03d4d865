"""
A consumer of changes: it keeps what it is told, and the token it stored last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fakes.hub import OPTIONS, Hub
from fakes.hub_people import updated
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.operations import DeltaType, SyncDelta


@dataclass(slots=True)
class Follower:
    """
    A copy of an object class, kept by following its changes.
    """

    hub: Hub
    object_class: str = names.ACCOUNT
    token: str | None = None
    copy: dict[str, object] = field(default_factory=dict)
    """
    When each object was modified last, by uid.
    """
    facade: Facade = field(init=False)
    """
    The system that tells; at first the one of the hub.
    """

    def __post_init__(self) -> None:
        self.facade = self.hub.facade

    async def follow(self, stop_after: int | None = None) -> list[SyncDelta]:
        """
        Take in what is told and store each token after its effect; `stop_after` so many deltas.
        """
        self.hub.sandbox.trace.clear()
        taken: list[SyncDelta] = []
        async for delta in self.facade.sync(self.object_class, self.token, OPTIONS):
            self._take(delta)
            taken.append(delta)
            if len(taken) == stop_after:
                break
        return taken

    async def interrupted(self) -> ConnectorError:
        """
        Follow until Webex fails, and return the error. Raises AssertionError when it does not.
        """
        try:
            await self.follow()
        except ConnectorError as error:
            return error
        raise AssertionError("nothing failed")

    async def peek(self) -> list[SyncDelta]:
        """
        Return what would be told, as a consumer that crashes before it keeps anything.
        """
        return [delta async for delta in self.facade.sync(self.object_class, self.token, OPTIONS)]

    async def begin(self) -> None:
        """
        Copy everything by a search, and go on from the token of now.
        """
        self.token = await self.facade.latest_token(self.object_class, OPTIONS)
        self.copy = await self.truth()

    async def truth(self) -> dict[str, object]:
        """
        Return what the copy should hold.
        """
        asked = replace(OPTIONS, attributes_to_get=("lastModified",))
        search = self.hub.facade.search(self.object_class, EVERYTHING, asked)
        return {each.uid: each.values("lastModified") async for batch in search for each in batch}

    def _take(self, delta: SyncDelta) -> None:
        self.token = delta.token
        if delta.type is DeltaType.DELETE:
            self.copy.pop(delta.uid, None)
        elif delta.object is not None:
            self.copy[delta.uid] = delta.object.values("lastModified")


def addresses(hub: Hub, count: int) -> list[str]:
    """
    Return the addresses of some people who are neither the administrator nor the sample.
    """
    return [person.email for _, person in hub.sandbox.world.people()][-count:]


def told(deltas: Sequence[SyncDelta]) -> list[tuple[DeltaType, str]]:
    """
    Return what happened to whom.
    """
    return [(delta.type, delta.uid) for delta in deltas]


async def change(hub: Hub, clock: VirtualClock, *who: str) -> None:
    """
    Change people, a second apart.
    """
    for address in who:
        await clock.sleep(1)
        await updated(hub, replaced("title", f"Changed at {clock.now()}"), who=address)
