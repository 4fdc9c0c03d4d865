"""
Sources that cannot tell their changes are followed by comparison.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fakes.sources import changes_of, told
from webex_connector.expressions.values import UNKNOWN, Shape
from webex_connector.policy.safety import Limits
from webex_connector.store.ledgers import LedgerTable
from webex_connector.sync.errors import SourceFailed, SourceRefused
from webex_connector.sync.records import Page, Record
from webex_connector.sync.sources.compared import Compared, following
from webex_connector.sync.sources.json_lines import JsonLinesFile, JsonLinesSource
from webex_connector.sync.sources.source import Marked, Source

ANY = Limits(shrinking=None)


class Lines:
    """
    A file of JSON lines that is written anew.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "hr.jsonl"
        self.source = JsonLinesSource("hr", JsonLinesFile(self.file, "id"), inline=True)

    def hold(self, **people: str) -> None:
        """
        Write people by their keys.
        """
        self.file.write_text("".join(f'{{"id": "{key}", "name": "{name}"}}\n' for key, name in people.items()))


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """
    A file with three people.
    """
    found = Lines(tmp_path)
    found.hold(a="Anna", b="Bob", c="Cleo")
    return found


def followed(source: Source, ledgers: LedgerTable, limits: Limits = ANY) -> Compared:
    """
    Return a follower of a source.
    """
    found = following(source, ledgers, limits)
    assert isinstance(found, Compared)
    return found


async def test_what_is_new_other_and_gone_is_told(lines: Lines, ledgers: LedgerTable) -> None:
    """
    A record that stays as it is is not; one that is gone has none.
    """
    follower = followed(lines.source, ledgers)
    token = await follower.latest()
    assert await changes_of(follower, token) == []
    lines.hold(a="Anna", c="Kleo", d="Dora")
    found = await changes_of(follower, token)
    assert told(found) == ["+c", "+d", "-b"]
    assert [each.record and each.record.values("name") for each in found] == [("Kleo",), ("Dora",), None]
    assert await changes_of(follower, found[-1].token) == []


async def test_a_follower_that_died_is_told_the_rest_again(lines: Lines, ledgers: LedgerTable) -> None:
    """
    Whatever it had dealt with is not told a second time, and what changed meanwhile is told as it is now.
    """
    follower = followed(lines.source, ledgers)
    token = await follower.latest()
    lines.hold(a="Anne", b="Rob", c="Cleo")
    first, second = await changes_of(follower, token)
    lines.hold(a="Anne", b="Bob", d="Dora")
    assert told(await changes_of(followed(lines.source, ledgers), first.token)) == ["+d", "-c"]
    assert second.token != first.token


async def test_the_same_place_can_be_gone_on_from_twice(lines: Lines, ledgers: LedgerTable) -> None:
    """
    A follower that did nothing with what it was told gets it again.
    """
    follower = followed(lines.source, ledgers)
    token = await follower.latest()
    lines.hold(a="Anne", b="Bob", c="Cleo")
    assert [told(await changes_of(follower, token)) for _ in range(2)] == [["+a"], ["+a"]]


async def test_followers_do_not_meet(lines: Lines, ledgers: LedgerTable) -> None:
    """
    What one has dealt with is news for another.
    """
    one, other = followed(lines.source, ledgers), followed(lines.source, ledgers)
    mine, others = await one.latest(), await other.latest()
    lines.hold(a="Anne", b="Bob", c="Cleo")
    (change,) = await changes_of(one, mine)
    assert await changes_of(one, change.token) == []
    assert told(await changes_of(other, others)) == ["+a"]


async def test_half_of_a_file_is_no_news(lines: Lines, ledgers: LedgerTable) -> None:
    """
    When reading fails nothing is told, neither that somebody changed nor that somebody is gone; later everything is.
    """
    follower = followed(lines.source, ledgers)
    token = await follower.latest()
    lines.file.write_text('{"id": "a", "name": "Anne"}\n{"id": "b", "na')
    with pytest.raises(SourceFailed, match="no whole JSON object"):
        await anext(follower.changes(token))
    lines.hold(a="Anne", b="Bob", c="Cleo")
    assert told(await changes_of(follower, token)) == ["+a"]


async def test_a_key_that_comes_twice_is_refused(lines: Lines, ledgers: LedgerTable) -> None:
    """
    Both places are named, at the first look and at any other; a first look that failed leaves nothing behind.
    """
    follower = followed(lines.source, ledgers)
    token = await follower.latest()
    with lines.file.open("a") as more:
        more.write('{"id": "a", "name": "Another"}\n')
    words = r"hr: the key a comes twice: .*hr.jsonl:1 and .*hr.jsonl:4"
    with pytest.raises(SourceRefused, match=words):
        await changes_of(follower, token)
    with pytest.raises(SourceRefused, match=words):
        await follower.latest()


async def test_many_that_are_gone_at_once_are_refused(lines: Lines, ledgers: LedgerTable) -> None:
    """
    A file without most of its people is another file; a few who are gone are people who left.
    """
    lines.hold(**{f"p{number}": "Somebody" for number in range(20)})
    follower = followed(lines.source, ledgers, Limits(shrinking=10.0))
    token = await follower.latest()
    lines.hold(**{f"p{number}": "Somebody" for number in range(16)})
    with pytest.raises(SourceRefused, match="4 of 20 records are gone; 10 % may be"):
        await changes_of(follower, token)
    lines.hold(**{f"p{number}": "Somebody" for number in range(17)})
    assert told(await changes_of(follower, token)) == ["-p17", "-p18", "-p19"]


@pytest.mark.parametrize("token", ["", "x", "none.0.", "{ledger}.1.", "{ledger}.x.", "{ledger}.-1."])
async def test_a_token_that_cannot_be_gone_on_from_fails(token: str, lines: Lines, ledgers: LedgerTable) -> None:
    """
    It says what helps.
    """
    follower = followed(lines.source, ledgers)
    ledger = (await follower.latest()).partition(".")[0]
    with pytest.raises(SourceFailed, match="compare everything once, and follow it anew"):
        await changes_of(follower, token.format(ledger=ledger))


async def test_many_changes_are_told_once_each(lines: Lines, ledgers: LedgerTable) -> None:
    """
    More than fit into a piece, each with a place of its own to go on from.
    """
    follower = followed(lines.source, ledgers)
    token = await follower.latest()
    lines.hold(**{f"p{number}": "Somebody" for number in range(2500)})
    found = await changes_of(follower, token)
    assert len({each.key for each in found}) == len({each.token for each in found}) == len(found) == 2503
    assert len(await changes_of(follower, found[1499].token)) == 1003


@dataclass
class MarkedList:
    """
    Records that say by a number when they changed, and remember what they were asked.
    """

    records: dict[str, int] = field(default_factory=dict)
    asked: list[str | None] = field(default_factory=list)
    name: str = "hr"
    shape: Shape = UNKNOWN

    async def read(self) -> AsyncIterator[Page]:
        """
        Read all of them.
        """
        async for marked in self.newer(None):
            yield Page(marked.records)

    async def newer(self, mark: str | None) -> AsyncIterator[Marked]:
        """
        Read those with the number of a mark, or a higher one.
        """
        self.asked.append(mark)
        for key, number in sorted(self.records.items(), key=lambda each: each[1]):
            if number >= int(mark or 0):
                yield Marked([Record(key, {"number": (number,)})], str(number))

    async def keys(self) -> AsyncIterator[Sequence[str]]:
        """
        Read the keys.
        """
        self.asked.append("keys")
        yield list(self.records)

    async def aclose(self) -> None:
        """
        Do nothing.
        """


async def test_a_source_with_marks_is_asked_for_what_is_newer(ledgers: LedgerTable) -> None:
    """
    Besides, for its keys alone. The mark moves on with the last change, so what was not dealt with comes again.
    """
    source = MarkedList({"a": 1, "b": 2, "c": 3})
    follower = followed(source, ledgers)
    token = await follower.latest()
    assert await changes_of(follower, token) == []
    del source.records["c"]
    source.records |= {"a": 4, "d": 5}
    found = await changes_of(follower, token)
    assert told(found) == ["+a", "+d", "-c"]
    assert await changes_of(follower, found[-1].token) == []
    assert source.asked == [None, "3", "keys", "3", "keys", "5", "keys"]
    assert [each.token.rpartition(".")[2] for each in found] == ["3", "3", "5"]
