"""
Pictures are shown when they are whole, by one refresh at a time; what became known meanwhile stays.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Select, func, select

from fakes.store_workers import Workers
from fakes.virtual_time import VirtualClock
from webex_connector.store.engine import Database
from webex_connector.store.errors import Overtaken
from webex_connector.store.learning import Doubted, Gone, Learned, Learning, Lesson, Related
from webex_connector.store.local_attributes import Shelf
from webex_connector.store.opening import Store, StorePlace
from webex_connector.store.painting import LIFE, OVERLAY, Painting, Told
from webex_connector.store.picture_rows import Entry, Key, Link
from webex_connector.store.pictures import Pictures, doubtful, links_from, links_to
from webex_connector.store.tables import MIRROR_KEYS, MIRROR_LINKS, MIRROR_OBJECTS, MIRROR_PICTURES

PEOPLE, GROUPS = Shelf("webex", "people"), Shelf("webex", "groups")
TABLES = (MIRROR_OBJECTS, MIRROR_KEYS, MIRROR_LINKS, MIRROR_PICTURES)
_ENOUGH = 80


def _entry(uid: str, text: str = "old", members: tuple[str, ...] = ()) -> Entry:
    links = {"members": tuple(Link(each, each.encode()) for each in members)} if members else {}
    return Entry(uid, text.encode(), (Key("name", 0, f"{uid} {text}"),), links)


async def _filled(database: Database, clock: VirtualClock, *entries: Entry, shelf: Shelf = PEOPLE) -> int:
    painting = Painting(database, shelf)
    assert await painting.begin(clock.now()) is not None
    picture = await painting.start(clock.now())
    await painting.page(picture, entries, clock.now(), clock.now())
    await painting.show(picture, "{}", "token", clock.now())
    await painting.sweep()
    return picture


async def _shown(database: Database, shelf: Shelf = PEOPLE) -> dict[str, str]:
    standing = await Pictures(database).standing(shelf)
    rows = MIRROR_OBJECTS.c
    chosen = select(rows.uid, rows.document).where(rows.picture == standing.shown)

    def read(link: Connection) -> dict[str, str]:
        return {uid: document.decode() for uid, document in link.execute(chosen)}

    return await database.read(read)


async def _count(database: Database, chosen: Select[int]) -> int | None:
    return await database.read(lambda link: link.scalar(chosen))


def _unclear(_document: bytes | None) -> Entry | None:
    return None


def _now_is(uid: str, text: str) -> Learned:
    def made(_document: bytes | None) -> Entry:
        return _entry(uid, text)

    return Learned(uid, made)


async def test_a_picture_is_shown_when_it_is_whole(store: Store, clock: VirtualClock) -> None:
    """
    While a new picture is made the old one is shown; afterwards nothing of the old one is left.
    """
    database = store.database
    await _filled(database, clock, _entry("a"), _entry("b", members=("x",)))
    painting = Painting(database, PEOPLE)
    assert await painting.begin(clock.now()) is not None
    picture = await painting.start(clock.now())
    await painting.page(picture, [_entry("c")], clock.now(), clock.now())
    assert {"a": "old", "b": "old"} == await _shown(database)
    await painting.show(picture, "{}", None, clock.now())
    await painting.sweep()
    assert {"c": "old"} == await _shown(database)
    for table in TABLES:
        column = table.c.id if table is MIRROR_PICTURES else table.c.picture
        assert 0 == await _count(database, select(func.count()).where(column != picture))


async def test_one_refresh_at_a_time(store: Store, clock: VirtualClock) -> None:
    """
    Nobody else begins while a refresh lives; one that was silent for too long is overtaken, and can do no harm then.
    """
    database = store.database
    first, second = Painting(database, PEOPLE), Painting(database, PEOPLE)
    assert await first.begin(clock.now()) is not None
    slow = await first.start(clock.now())
    assert await second.begin(clock.now()) is None
    await clock.sleep(LIFE.total_seconds() - 1)
    await first.page(slow, [_entry("a")], clock.now(), clock.now())
    await clock.sleep(LIFE.total_seconds() - 1)
    assert await second.begin(clock.now()) is None
    await clock.sleep(2)
    assert await second.begin(clock.now()) is not None
    quick = await second.start(clock.now())
    with pytest.raises(Overtaken):
        await first.page(slow, [_entry("b")], clock.now(), clock.now())
    with pytest.raises(Overtaken):
        await first.show(slow, "{}", None, clock.now())
    await second.page(quick, [_entry("c")], clock.now(), clock.now())
    await second.show(quick, "{}", None, clock.now())
    await second.sweep()
    assert {"c": "old"} == await _shown(database)


async def test_a_list_overwrites_nothing_newer(store: Store, clock: VirtualClock) -> None:
    """
    What was written after a page was asked for, or shortly before, is believed more than the page; so are deletions.
    Where they differ the target is asked a little later.
    """
    database, learning = store.database, Learning(store.database)
    await _filled(database, clock, _entry("a"), _entry("b"), _entry("c"), _entry("d"))
    await clock.sleep(3600)
    await learning.take(PEOPLE, [_now_is("a", "new"), Gone("b")], clock.now())
    painting = Painting(database, PEOPLE)
    assert await painting.begin(clock.now()) is not None
    picture, asked = await painting.start(clock.now()), clock.now()
    await clock.sleep(1)
    await learning.take(PEOPLE, [_now_is("c", "new"), Gone("d")], clock.now())
    await clock.sleep(1)
    page = [_entry(uid) for uid in "abcde"]
    await painting.page(picture, page, asked, clock.now())
    await painting.show(picture, "{}", None, asked)
    assert {"a": "new", "c": "new", "e": "old"} == await _shown(database)

    async def unknown() -> list[str]:
        now = clock.now()
        return sorted(await database.read(lambda link: doubtful(link, PEOPLE, now, 9)))

    assert [] == await unknown()
    await clock.sleep(OVERLAY.total_seconds())
    assert ["a", "b", "c", "d"] == await unknown()


async def test_an_update_overtakes_no_write(store: Store, clock: VirtualClock) -> None:
    """
    A change that the target told of is taken in; of what was written meanwhile it is asked again.
    """
    database, learning = store.database, Learning(store.database)
    await _filled(database, clock, _entry("a"), _entry("b"), _entry("c"))
    painting = Painting(database, PEOPLE)
    assert await painting.begin(clock.now()) is not None
    asked = clock.now()
    await clock.sleep(1)
    await learning.take(PEOPLE, [_now_is("a", "mine")], clock.now())
    told = [Told("a", _entry("a", "theirs")), Told("b", _entry("b", "theirs")), Told("c", None)]
    await painting.tell(told, (), "next", asked, clock.now())
    await painting.confirm(asked)
    standing = await Pictures(database).standing(PEOPLE)
    assert ("next", asked, None) == (standing.token, standing.as_of, standing.until)
    assert {"a": "mine", "b": "theirs"} == await _shown(database)
    now = clock.now()
    assert ["a"] == await database.read(lambda link: doubtful(link, PEOPLE, now, 9))


async def test_links_are_rows_of_their_own(store: Store, clock: VirtualClock) -> None:
    """
    Members come and go one by one, seen from both sides; whoever is gone is a member no more.
    """
    database, learning = store.database, Learning(store.database)
    many = tuple(f"p{number:04}" for number in range(1200))
    picture = await _filled(database, clock, _entry("g", members=many), shelf=GROUPS)
    leaving, joining = {"members": many[:100]}, {"members": (Link("new", b"new"),)}
    entry = Entry("g", b"changed", (), {}, joining, leaving)
    await learning.take(GROUPS, [Learned("g", lambda _: entry)], clock.now())
    await learning.take(PEOPLE, [Gone(many[100], ((GROUPS, "members"),))], clock.now())
    await clock.sleep(1)
    lone = Related(GROUPS, "members", Link("late", b"late"), ("g", "nowhere"), None)
    await learning.take(PEOPLE, [lone], clock.now())
    found = await database.read(lambda link: links_from(link, picture, "members", ["g"]))
    assert [each.encode() for each in (*many[101:], "new", "late")] == [value for _, value in found]
    assert [("new", "g")] == await database.read(lambda link: links_to(link, picture, "members", ["new", many[0]]))


async def test_what_nobody_knows_is_asked_until_it_is_known(store: Store, clock: VirtualClock) -> None:
    """
    An object in doubt stays so until it was read or deleted, or everything was read anew.
    """
    database, learning = store.database, Learning(store.database)
    await _filled(database, clock, _entry("a"), _entry("b"), _entry("c"))
    doubted: list[Lesson] = [
        Doubted("a"),
        Doubted("b"),
        Doubted("c"),
        Doubted("b", unless_shown=True),
        Learned("x", _unclear),
    ]
    await learning.take(PEOPLE, doubted, clock.now())
    await learning.take(PEOPLE, [_now_is("a", "known"), Gone("b")], clock.now())
    now = clock.now()
    assert ["c", "x"] == sorted(await database.read(lambda link: doubtful(link, PEOPLE, now, 9)))
    await clock.sleep(OVERLAY.total_seconds() + 1)
    await _filled(database, clock, _entry("c"))
    now = clock.now() + timedelta(hours=1)
    assert [] == await database.read(lambda link: doubtful(link, PEOPLE, now, 9))


_IMPORTS = """
from datetime import timedelta
from webex_connector.store.local_attributes import Shelf
from webex_connector.store.painting import LIFE, Painting, Told
from webex_connector.store.picture_rows import Entry, Key, Link
"""

_WORK = """
def entry(uid, text):
    return Entry(uid, text.encode(), (Key("name", 0, uid),), {"members": (Link("x", b"x"),)})

async def work(store, clock):
    painting = Painting(store.database, Shelf("webex", "people"))
    # The process before this one was killed: its time has to be over.
    await painting.begin(clock.now() + 2 * LIFE)
    picture = await painting.start(clock.now())
    await painting.page(picture, [entry("a", "new"), entry("b", "new")], clock.now(), clock.now())
    await painting.show(picture, "{}", "token", clock.now())
    print("shown", flush=True)
    await painting.sweep()
    print("swept", flush=True)
"""


@pytest.fixture
def workers(place: StorePlace) -> Iterator[Workers]:
    """
    Processes that refresh, and may die.
    """
    found = Workers(place, _IMPORTS, _WORK)
    yield found
    found.close()


@pytest.mark.long
async def test_a_killed_refresh_shows_the_old_picture_or_the_new(
    store: Store, workers: Workers, clock: VirtualClock
) -> None:
    """
    At every statement and commit of a refresh: the whole old picture is shown, or the whole new one; and the next
    refresh takes away what the dead one left.
    """
    seen: set[tuple[str, ...]] = set()
    for statement in range(1, _ENOUGH):
        await clock.sleep(2 * LIFE.total_seconds())
        await _filled(store.database, clock, _entry("a"), _entry("c"))
        promised = workers.killed_at(statement)
        if promised is None:
            break
        there = await _shown(store.database)
        assert there in ({"a": "old", "c": "old"}, {"a": "new", "b": "new"})
        assert "shown" not in promised or "b" in there
        seen.add(tuple(sorted(there)))
    else:
        raise AssertionError("the refresh never came to its end")
    assert {("a", "b"), ("a", "c")} == seen
    await clock.sleep(2 * LIFE.total_seconds())
    await _filled(store.database, clock, _entry("a"))
    pictures = await store.database.read(lambda link: list(link.scalars(select(MIRROR_PICTURES.c.id))))
    assert 1 == len(pictures)
