"""
Another system as a source: its objects, and its own changes.
"""

import pytest

from fakes.memory_connector import MemoryConnector
from fakes.memory_following import FollowedHandler
from fakes.ports import MemoryJournal, OpenGuard
from fakes.sources import changes_of, records_of, told
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import Compare, Filter, Operator
from webex_connector.icf.options import OperationOptions
from webex_connector.policy.safety import Limits
from webex_connector.store.ledgers import LedgerTable
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.sources.compared import following
from webex_connector.sync.sources.system import FollowedSystemSource, SystemPart, SystemSource

CHIEFS = Compare("title", Operator.EQUALS, "Chief")


class Directory:
    """
    A system in memory, with people in it.
    """

    def __init__(self, clock: VirtualClock) -> None:
        connector = MemoryConnector()
        plain, rows = connector.handlers[names.ACCOUNT], connector.world[names.ACCOUNT]
        connector._handlers[names.ACCOUNT] = FollowedHandler(plain.info, rows, connector.traits, connector.traffic)
        self.facade = Facade(
            "directory", connector, journal=MemoryJournal(), guard=OpenGuard(), clock=clock, cookie_key=b"key"
        )

    async def hire(self, name: str, title: str) -> str:
        """
        Add somebody and return the uid.
        """
        attributes = {
            "emails": (f"{name}@x",),
            "displayName": (name,),
            "title": (title,),
            "licenses": ("Lic-messaging",),
        }
        made = await self.facade.create(names.ACCOUNT, attributes, OperationOptions())
        return made.uid or ""

    async def promote(self, uid: str, title: str) -> None:
        """
        Give somebody another title.
        """
        await self.facade.update(names.ACCOUNT, uid, [AttributeDelta("title", (title,))], OperationOptions())

    def source(self, node: Filter | None = None, attributes: tuple[str, ...] = ()) -> FollowedSystemSource:
        """
        Return the source.
        """
        info = self.facade.schema.object_class(names.ACCOUNT)
        part = SystemPart("directory", info, attributes, *([node] if node else []))
        return FollowedSystemSource("hr", part, self.facade)


@pytest.fixture
def directory(clock: VirtualClock) -> Directory:
    """
    A system without anybody.
    """
    return Directory(clock)


async def test_objects_are_records(directory: Directory) -> None:
    """
    With uid and name among their attributes, and those that the filter lets through.
    """
    anna, _ = await directory.hire("anna", "Chief"), await directory.hire("bob", "Staff")
    (found,) = await records_of(directory.source(CHIEFS, ("displayName",)))
    assert (found.key, found.values(names.UID)) == (anna, (anna,))
    assert found.values("displayName") == ("anna",)
    assert len(await records_of(directory.source())) == 2


async def test_its_own_changes_are_told(directory: Directory, ledgers: LedgerTable) -> None:
    """
    Whom the filter does not let through any more is gone, like whoever is not there any more.
    """
    anna, bob, cleo = [await directory.hire(name, "Chief") for name in ("anna", "bob", "cleo")]
    follower = following(directory.source(CHIEFS, ("displayName",)), ledgers, Limits())
    assert isinstance(follower, FollowedSystemSource)
    token = await follower.latest()
    assert await changes_of(follower, token) == []
    await directory.promote(anna, "Staff")
    await directory.facade.delete(names.ACCOUNT, bob, OperationOptions())
    await directory.promote(cleo, "chief")
    found = await changes_of(follower, token)
    assert told(found) == [f"-{anna}", f"-{bob}", f"+{cleo}"]
    assert await changes_of(follower, found[-1].token) == []
    assert told(await changes_of(follower, found[0].token)) == [f"-{bob}", f"+{cleo}"]


async def test_what_the_system_raises_is_a_failure(directory: Directory) -> None:
    """
    A token that cannot be gone on from, and a system that is not open.
    """
    with pytest.raises(SourceFailed, match="directory could not be read: "):
        await changes_of(directory.source(), "no token of ours")
    info = directory.facade.schema.object_class(names.ACCOUNT)
    with pytest.raises(SourceFailed, match="the system directory is not open"):
        await records_of(SystemSource("hr", SystemPart("directory", info), None))


def test_the_attributes_of_the_class_are_the_shape(directory: Directory) -> None:
    """
    Those that are asked for.
    """
    assert set(directory.source(None, ("title",)).shape.attributes or ()) <= {"title", names.UID, names.NAME}
    assert "displayName" in (directory.source().shape.attributes or ())
