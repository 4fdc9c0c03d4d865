"""
Which record and which object belong together: by link first, then by the correlation rules, in order. All of it is
decided in the staging database; only what a plan has to speak of comes out.
"""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from webex_connector.store.decisions import Choice
from webex_connector.sync.contents import source_of, target_of
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.definition import DEFAULT_QUALIFIER
from webex_connector.sync.decide.mapped import Target
from webex_connector.sync.decide.situation import (
    Situation,
    SourceSide,
    TargetSide,
    of_source,
    of_target,
)
from webex_connector.sync.staging import Staging, with_matches

MOST_CANDIDATES: Final = 20
"""
How many of several corresponding objects an item of the plan names.
"""

DEEPEST: Final = 100
"""
So many may be made one after the other, each for the next; who is still waiting then, waits in a circle.
"""

_LINKED = """
INSERT INTO pairs (source, link, targets, target, taken)
SELECT s.id, l.id, t.id IS NOT NULL, t.id, 0
FROM sources s JOIN links l ON l.key = s.key AND l.qualifier = s.qualifier LEFT JOIN targets t ON t.uid = l.uid
"""

# What somebody has decided counts as if it were all that corresponds. An object that is gone since decides nothing.
_DECIDED = """
INSERT INTO pairs (source, link, targets, target, taken, decided)
SELECT s.id, NULL, t.id IS NOT NULL, t.id, 0, d.choice
FROM sources s JOIN decisions d ON d.key = s.key AND d.qualifier = s.qualifier LEFT JOIN targets t ON t.uid = d.uid
WHERE (d.choice = 'create' OR (d.choice = 'belongs' AND t.id IS NOT NULL))
AND NOT EXISTS (SELECT 1 FROM pairs p WHERE p.source = s.id)
"""

_SET_ASIDE = """
UPDATE pairs SET decided = 'ignore' WHERE link IS NULL AND EXISTS (
    SELECT 1 FROM sources s JOIN decisions d ON d.key = s.key AND d.qualifier = s.qualifier
    WHERE s.id = pairs.source AND d.choice = 'ignore'
)
"""

# An object that is linked to a record belongs to it, whatever else corresponds.
_CORRELATED = """
INSERT INTO pairs (source, link, targets, target, taken)
SELECT s.id, NULL, COUNT(DISTINCT t.target), MIN(t.target), 0
FROM sources s
JOIN source_matches m ON m.source = s.id AND m.rule = :rule
JOIN target_matches t ON t.rule = m.rule AND t.value = m.value
WHERE NOT EXISTS (SELECT 1 FROM pairs p WHERE p.source = s.id)
GROUP BY s.id
"""

_ALONE = """
INSERT INTO pairs (source, link, targets, target, taken)
SELECT s.id, NULL, 0, NULL, 0 FROM sources s WHERE NOT EXISTS (SELECT 1 FROM pairs p WHERE p.source = s.id)
"""

_TAKEN = """
UPDATE pairs SET taken = 1 WHERE link IS NULL AND targets = 1 AND EXISTS (
    SELECT 1 FROM targets t JOIN links l ON l.uid = t.uid JOIN sources s ON s.id = pairs.source
    WHERE t.id = pairs.target AND l.qualifier = s.qualifier
)
"""

_GIVEN_AWAY = """
UPDATE pairs SET taken = 1 WHERE link IS NULL AND targets = 1 AND decided IS NULL AND EXISTS (
    SELECT 1 FROM pairs q JOIN sources o ON o.id = q.source JOIN sources s ON s.id = pairs.source
    WHERE q.target = pairs.target AND q.decided = 'belongs' AND o.qualifier = s.qualifier
)
"""

# Two records for one person: which of them is right nobody here can know.
_CLAIMED_TWICE = """
UPDATE pairs SET taken = 2
WHERE link IS NULL AND targets = 1 AND taken = 0 AND decided IS NOT 'ignore' AND target IN (
    SELECT p.target FROM pairs p JOIN sources s ON s.id = p.source
    WHERE p.link IS NULL AND p.targets = 1 AND p.taken = 0 AND p.decided IS NOT 'ignore' AND s.qualifies
    GROUP BY p.target, s.qualifier HAVING COUNT(*) > 1
)
"""

_MADE_TWICE = """
UPDATE pairs SET taken = 3 WHERE targets = 0 AND link IS NULL AND decided IS NULL AND source IN (
    SELECT m.source FROM source_matches m JOIN (
        SELECT m.rule AS rule, m.value AS value, s.qualifier AS qualifier
        FROM source_matches m JOIN pairs p ON p.source = m.source JOIN sources s ON s.id = m.source
        WHERE p.targets = 0 AND p.link IS NULL AND p.decided IS NOT 'ignore' AND s.qualifies
        GROUP BY m.rule, m.value, s.qualifier HAVING COUNT(DISTINCT m.source) > 1
    ) twice ON twice.rule = m.rule AND twice.value = m.value
)
"""

# Whoever is made after somebody else who is made, too: a report after the manager. Whoever is left at the end of this
# waits for somebody who waits in turn.
_DEEPER = """
UPDATE pairs SET depth = depth + 1 WHERE targets = 0 AND link IS NULL AND depth = :depth AND EXISTS (
    SELECT 1 FROM parents a JOIN sources s ON s.key = a.key JOIN pairs q ON q.source = s.id
    WHERE a.source = pairs.source AND q.source != a.source AND q.depth >= :depth AND q.targets = 0 AND q.link IS NULL
)
"""

_SAME = """
SELECT COUNT(*) FROM pairs p JOIN sources s ON s.id = p.source JOIN targets t ON t.id = p.target
JOIN links l ON l.id = p.link WHERE l.condemned IS NULL AND s.qualifies AND s.digest IS NOT NULL AND s.digest = t.digest
"""

_INTERESTING = """
SELECT p.source, p.link, p.targets, p.taken, p.depth, p.decided, s.content, t.content, l.uid, l.condemned
FROM pairs p JOIN sources s ON s.id = p.source LEFT JOIN targets t ON t.id = p.target LEFT JOIN links l ON l.id = p.link
WHERE NOT (p.link IS NOT NULL AND l.condemned IS NULL AND t.id IS NOT NULL
AND s.qualifies AND s.digest IS NOT NULL AND s.digest = t.digest)
ORDER BY p.depth, s.key, s.qualifier
"""

_CANDIDATES = """
SELECT DISTINCT t.content FROM source_matches m JOIN target_matches x ON x.rule = m.rule AND x.value = m.value
JOIN targets t ON t.id = x.target WHERE m.source = ? AND m.rule = (
    SELECT MIN(m.rule) FROM source_matches m JOIN target_matches x ON x.rule = m.rule AND x.value = m.value
    WHERE m.source = ?
) ORDER BY t.uid LIMIT ?
"""

_LEFT = """
SELECT t.content, l.key, l.qualifier, l.condemned
FROM targets t LEFT JOIN links l ON l.uid = t.uid
WHERE NOT EXISTS (SELECT 1 FROM met WHERE met.target = t.id)
ORDER BY t.uid, l.key, l.qualifier
"""

_MET = """
CREATE TABLE met (target INTEGER PRIMARY KEY) WITHOUT ROWID;
INSERT OR IGNORE INTO met SELECT target FROM pairs WHERE target IS NOT NULL;
INSERT OR IGNORE INTO met SELECT x.target FROM pairs p JOIN source_matches m ON m.source = p.source
JOIN target_matches x ON x.rule = m.rule AND x.value = m.value WHERE p.targets > 1;
"""

_LOST = """
SELECT l.key, l.qualifier, l.uid FROM links l
WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.key = l.key AND s.qualifier = l.qualifier)
AND NOT EXISTS (SELECT 1 FROM targets t WHERE t.uid = l.uid)
ORDER BY l.key, l.qualifier
"""

_LINKS_OF_KEYS = """
SELECT s.qualifier, s.key, COALESCE(l.uid, t.uid) FROM sources s JOIN pairs p ON p.source = s.id
LEFT JOIN links l ON l.id = p.link LEFT JOIN targets t ON t.id = p.target
WHERE s.key IN (SELECT value FROM json_each(?)) AND p.taken = 0
AND (p.targets = 1 OR (p.targets = 0 AND p.link IS NULL AND s.qualifies))
"""


CONFLICTS = {
    2: "another record corresponds to the same object; which of them is right cannot be known here",
    3: "another record would make the same object; which of them is right cannot be known here",
}
"""
What the numbers say that the statements above give to pairs; 1 is no conflict, but a situation of its own.
"""

_NOTES = {
    Choice.BELONGS.value: "somebody decided that it does",
    Choice.CREATE.value: "somebody decided that it gets one of its own",
    Choice.IGNORE.value: "somebody set it aside",
}


class Pairing:
    """
    The pairs of a staging database that is ready.
    """

    def __init__(self, staging: Staging, rules: int) -> None:
        self._staging, self._rules = staging, rules

    async def find(self) -> int:
        """
        Find every pair. Returns how many are linked and as they should be; those need no item.
        """

        def found(link: sqlite3.Connection) -> int:
            link.execute("BEGIN")
            link.execute(_LINKED)
            with_matches(link)
            link.execute(_DECIDED)
            for rule in range(self._rules):
                link.execute(_CORRELATED, {"rule": rule})
            for each in (_ALONE, _SET_ASIDE, _TAKEN, _GIVEN_AWAY, _CLAIMED_TWICE, _MADE_TWICE):
                link.execute(each)
            for depth in range(DEEPEST):
                if not link.execute(_DEEPER, {"depth": depth}).rowcount:
                    break
            link.execute("COMMIT")
            return int(link.execute(_SAME).fetchone()[0])

        return await self._staging.run(found)

    async def of_sources(self) -> AsyncIterator[list[Pair]]:
        """
        Stream the records that need an item, those of a lower depth first, then by key.
        """
        async for rows in self._staging.rows(_INTERESTING):
            yield [await self._pair(row) for row in rows]

    async def of_targets(self) -> AsyncIterator[list[Pair]]:
        """
        Stream the objects that no record has led to, by uid.
        """
        await self._staging.run(lambda link: link.executescript(_MET))
        async for rows in self._staging.rows(_LEFT):
            yield [_left(target_of(content), key, qualifier, since) for content, key, qualifier, since in rows]

    async def of_links(self) -> AsyncIterator[list[Pair]]:
        """
        Stream the links whose both ends are gone.
        """
        async for rows in self._staging.rows(_LOST):
            yield [
                Pair(Situation.LINK_ONLY, key=str(key), qualifier=str(qualifier), uid=str(uid), is_linked=True)
                for key, qualifier, uid in rows
            ]

    async def uids(self, keys: Sequence[str]) -> Mapping[str, Mapping[str, str | None]]:
        """
        Return the uids of the objects that records belong to, by link qualifier and then by their keys; None for those
        that are still to be made.
        """
        if not keys:
            return {}
        asked = msgspec.json.encode(keys).decode()
        found: dict[str, dict[str, str | None]] = {}
        for qualifier, key, uid in await self._staging.run(
            lambda link: link.execute(_LINKS_OF_KEYS, (asked,)).fetchall()
        ):
            found.setdefault(qualifier, {})[key] = uid
        return found

    async def _pair(self, row: tuple[Any, ...]) -> Pair:
        source, link, targets, taken, depth, decided, mapped, found, uid, since = row
        record = source_of(mapped)
        target = None if found is None or targets > 1 else target_of(found)
        side = SourceSide(record.qualifies, link is not None, target is not None, targets, bool(taken and targets))
        situation = of_source(side)
        candidates = await self._candidates(source) if link is None and targets > 1 else ()
        note = "it refers to records that refer back to it" if depth >= DEEPEST else _NOTES.get(decided)
        conflict = CONFLICTS.get(taken) if record.qualifies else None
        return Pair(
            situation,
            record,
            target,
            record.key,
            uid,
            record.qualifier,
            link is not None,
            candidates,
            note,
            conflict,
            depth,
            decided == Choice.IGNORE.value,
            None if since is None else datetime.fromisoformat(since),
        )

    async def _candidates(self, source: int) -> tuple[str, ...]:
        values = (source, source, MOST_CANDIDATES)
        rows = await self._staging.run(lambda link: link.execute(_CANDIDATES, values).fetchall())
        return tuple(target_of(content).uid for (content,) in rows)


def _left(target: Target, key: str | None, qualifier: str | None, since: str | None) -> Pair:
    situation = of_target(TargetSide(target.valid, key is not None))
    return Pair(
        situation,
        None,
        target,
        key,
        target.uid,
        qualifier or DEFAULT_QUALIFIER,
        key is not None,
        condemned=None if since is None else datetime.fromisoformat(since),
    )
