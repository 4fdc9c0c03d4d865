"""
What goes into a staging database, and what happens when there is no room for it.
"""

from pathlib import Path
from sqlite3 import Connection

import pytest

from webex_connector.icf import names
from webex_connector.icf.attributes import LateAttributes
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo
from webex_connector.sync.contents import source_of, target_of
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.mapped import Link, Mapped, Target
from webex_connector.sync.errors import RunRefused
from webex_connector.sync.pairing import Pairing
from webex_connector.sync.staging import Place, staging

PEOPLE = Comparison(ObjectClassInfo(names.ACCOUNT, "", (AttributeInfo("title", ""),)), ("title",))
KEYS = ("plain", "", "Zoë", "\0", "a\0b", "\U0001f600", "'\"\\u0000", "x" * 5000)
"""
Keys of records and of objects; where one ends and the next begins may not depend on what is in them.
"""


@pytest.mark.real_time
@pytest.mark.parametrize("inline", [True, False])
async def test_rows_come_out_as_they_went_in(inline: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter
    """
    Whatever is in their keys, of several qualifiers, with or without a digest, over more pages than may wait; as a
    system or as its mirror shows them.
    """
    titles = {"title": ("Lead",)}
    records = [
        Mapped(key, titles if number % 3 else {}, qualifier=qualifier, qualifies=bool(number % 2))
        for number, key in enumerate(KEYS)
        for qualifier in ("default", "guest")
    ]
    shown = (titles, LateAttributes(b"Lead", lambda packed: {"title": (packed.decode(),)}))
    objects = [Target(key, key or None, shown[number % 2], valid=bool(number % 2)) for number, key in enumerate(KEYS)]
    async with staging(Place(tmp_path / "staging.db", inline), PEOPLE) as staged:
        for _ in range(40):
            await staged.add_sources(records)
            await staged.add_targets(objects)
        text = "SELECT id, key, qualifier, qualifies, digest, content FROM sources ORDER BY id"
        sources = [row async for some in staged.rows(text) for row in some]
        text = "SELECT id, uid, valid, digest, content FROM targets ORDER BY id"
        targets = [row async for some in staged.rows(text) for row in some]

    by_qualifier = sorted(records, key=lambda each: each.qualifier) * 40
    assert [source_of(row[-1]) for row in sources] == by_qualifier
    assert [row[:-1] for row in sources] == [
        (n, each.key, each.qualifier, each.qualifies, PEOPLE.digest(titles) if each.attributes else None)
        for n, each in enumerate(by_qualifier, 1)
    ]
    assert [target_of(row[-1]) for row in targets] == objects * 40
    digest = PEOPLE.digest(titles)
    assert [row[:-1] for row in targets] == [(n, o.uid, o.valid, digest) for n, o in enumerate(objects * 40, 1)]
    assert not (tmp_path / "staging.db").exists()


async def test_correspondence_is_looked_at_only_without_a_link(tmp_path: Path) -> None:
    """
    As long as every record has a link nobody needs it; one without is compared with all objects.
    """
    async with staging(Place(tmp_path / "staging.db", inline=True), PEOPLE) as staged:
        await staged.add_sources([Mapped(key, matches=((0, key),)) for key in ("anna", "ben")])
        await staged.add_targets([Target(f"u-{key}", key, {}, ((0, key), (1, "x"))) for key in ("anna", "ben", "zoe")])
        await staged.add_links([Link("anna", "u-anna")])
        await staged.ready()
        await Pairing(staged, 2).find()

        def there(link: Connection) -> tuple[list[object], int]:
            sources = link.execute("SELECT rule, value, source FROM source_matches").fetchall()
            return sources, link.execute("SELECT COUNT(*) FROM target_matches").fetchone()[0]

        assert await staged.run(there) == ([(0, "ben", 2)], 6)


@pytest.mark.real_time
async def test_pages_that_find_no_room_are_told_of(tmp_path: Path) -> None:
    """
    By the pages after them, or by the first question; and nothing of them stays.
    """
    for pages in (1, 60):
        with pytest.raises(RunRefused, match="make room in the data folder"):
            await _overfilled(tmp_path, pages)
        assert not (tmp_path / "staging.db").exists()


async def _overfilled(folder: Path, pages: int) -> None:
    objects = [Target(str(number), None, {"title": ("x" * 40_000,)}) for number in range(50)]
    async with staging(Place(folder / "staging.db"), PEOPLE) as staged:
        await staged.run(lambda link: link.execute("PRAGMA max_page_count = 200"))
        for _ in range(pages):
            await staged.add_targets(objects)
        await staged.repeated()
