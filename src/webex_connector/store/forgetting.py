"""
Forgetting one person: what is kept of them goes, and that something was done stays.

Rows that are about them are taken away or lose everything but the fact; texts about others lose what they say of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    delete,
    false,
    func,
    or_,
    select,
    tuple_,
    update,
)

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.errors import StoreError
from webex_connector.store.journal import Opening, write_whole_entry
from webex_connector.store.plans import ItemState
from webex_connector.store.redaction import ADDRESSES, FORGOTTEN, Person, blank_item, own_addresses, redacted
from webex_connector.store.tables import (
    DECISIONS,
    JOURNAL,
    LEDGER_ENTRIES,
    LEDGER_STEPS,
    LINKS,
    LOCAL_VALUES,
    MIRROR_DOUBTS,
    MIRROR_GONE,
    MIRROR_KEYS,
    MIRROR_LINKS,
    MIRROR_OBJECTS,
    PLAN_ITEMS,
    PLANS,
    RETIREMENTS,
    RUN_EVENTS,
    RUN_STEPS,
    RUNS,
    SIGHTINGS,
    VERSIONS,
)

ROWS: Final[Mapping[Table, tuple[Column[Any], ...]]] = {
    LINKS: (LINKS.c.target_uid,),
    DECISIONS: (DECISIONS.c.target_uid,),
    LOCAL_VALUES: (LOCAL_VALUES.c.uid,),
    RETIREMENTS: (RETIREMENTS.c.uid,),
    SIGHTINGS: (SIGHTINGS.c.key,),
    VERSIONS: (VERSIONS.c.uid,),
    MIRROR_OBJECTS: (MIRROR_OBJECTS.c.uid,),
    MIRROR_KEYS: (MIRROR_KEYS.c.uid,),
    MIRROR_LINKS: (MIRROR_LINKS.c.uid, MIRROR_LINKS.c.target),
    MIRROR_GONE: (MIRROR_GONE.c.uid,),
    MIRROR_DOUBTS: (MIRROR_DOUBTS.c.uid,),
}
"""
The rows that go when one of these columns has the person's uid.
"""

KEYED: Final[Mapping[Table, tuple[Column[Any], ...]]] = {
    LEDGER_ENTRIES: (LEDGER_ENTRIES.c.key,),
    LEDGER_STEPS: (LEDGER_STEPS.c.key,),
}
"""
The rows that go when a column has the key of a record of theirs. Somebody else's record of the same key in another
source is looked at once more, and no harm is done.
"""

TEXTS: Final[Mapping[Table, tuple[Column[Any], ...]]] = {
    JOURNAL: tuple(JOURNAL.c[name] for name in ("uid", "reason", "intent", "before", "after", "not_applied")),
    PLAN_ITEMS: (PLAN_ITEMS.c.content, PLAN_ITEMS.c.outcome),
    RUNS: (RUNS.c.arguments, RUNS.c.error),
    RUN_STEPS: (RUN_STEPS.c.result,),
    RUN_EVENTS: (RUN_EVENTS.c.content,),
    LOCAL_VALUES: (LOCAL_VALUES.c.value, LOCAL_VALUES.c.folded),
    VERSIONS: (VERSIONS.c.content,),
}
"""
The texts that may speak of a person in what is about others.
"""

_ACCOUNT = "__ACCOUNT__"
_ROUNDS = 6
_PIECE = 500


class StillAtWork(StoreError):
    """
    A plan is doing something about the person just now.
    """


class Forgetting:
    """
    Forgets people, one at a time. Every method raises StoreFailed.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def known(self, asked: str) -> Person:
        """
        Return everything by which somebody is known, given an address, an id of Webex's, or the key of a record.
        """
        return await self._database.read(lambda link: _known(link, asked))

    async def forget(self, person: Person, actor: str) -> Mapping[str, int]:
        """
        Forget them, and note that somebody was forgotten; return how many rows of which table that concerned.

        Raises StillAtWork while a plan is doing something about them; then nothing is changed.
        """

        def forgotten(link: Connection) -> Mapping[str, int]:
            counts: Counter[str] = Counter()
            counts["plan_items"] += _items_blanked(link, person)
            counts["journal"] += _journal_blanked(link, person)
            for table, columns in (*ROWS.items(), *KEYED.items()):
                counts[table.name] += _removed(link, table, columns, person)
            for table, columns in TEXTS.items():
                counts[table.name] += _redacted(link, table, columns, person)
            intent = msgspec.json.encode({FORGOTTEN: True}).decode()
            opening = Opening("store", _ACCOUNT, "forget", actor, "command line", None, intent)
            write_whole_entry(link, self._clock.now(), opening)
            return {name: count for name, count in sorted(counts.items()) if count}

        return await self._database.write(forgotten)


def _known(link: Connection, asked: str) -> Person:
    person = Person(frozenset({asked.lower()})) if "@" in asked else _asked(link, asked)
    for _ in range(_ROUNDS):
        grown = _linked(link, _versions(link, _journalled(link, _planned(link, person))))
        if grown == person:
            break
        person = grown
    return person


def _asked(link: Connection, asked: str) -> Person:
    found = link.execute(select(LINKS.c.type, LINKS.c.target_uid).where(LINKS.c.source_key == asked)).all()
    planned = select(PLANS.c.mapping).join(PLAN_ITEMS, PLAN_ITEMS.c.plan == PLANS.c.id)
    types = {*(type_ for type_, _ in found), *link.scalars(planned.where(PLAN_ITEMS.c.source_key == asked))}
    if not types:
        return Person(uids=frozenset({asked}))
    return Person(uids=frozenset(uid for _, uid in found), keys=frozenset((each, asked) for each in types))


def _journalled(link: Connection, person: Person) -> Person:
    accounts = JOURNAL.c.object_class == _ACCOUNT
    for row in link.execute(select(JOURNAL).where(accounts, _speaks(JOURNAL, person))).mappings():
        own = own_addresses([_json(row[name]) for name in ("intent", "before", "after")])
        if row["uid"] in person.uids or own & person.addresses:
            uids = frozenset() if row["uid"] is None else frozenset({row["uid"]})
            person = person.joined(Person(own, uids))
    return person


def _planned(link: Connection, person: Person) -> Person:
    for row in _items_about(link, person):
        found = [row["target_uid"], (_json(row["outcome"]) or {}).get("uid")]
        keys = frozenset({(row["mapping"], row["source_key"])} if row["source_key"] else ())
        own = own_addresses([_json(row["content"]), _json(row["outcome"])])
        person = person.joined(Person(own, frozenset(each for each in found if each), keys))
    return person


def _items_about(link: Connection, person: Person) -> Iterator[RowMapping]:
    keyed = tuple_(PLANS.c.mapping, PLAN_ITEMS.c.source_key).in_(sorted(person.keys))
    maybe = or_(_speaks(PLAN_ITEMS, person), PLAN_ITEMS.c.target_uid.in_(person.uids), keyed)
    query = select(PLAN_ITEMS, PLANS.c.mapping).join(PLANS, PLANS.c.id == PLAN_ITEMS.c.plan).where(maybe)
    for row in list(link.execute(query).mappings()):
        outcome = _json(row["outcome"]) or {}
        is_keyed = (row["mapping"], row["source_key"]) in person.keys
        uids = {row["target_uid"], outcome.get("uid")} & person.uids
        if is_keyed or uids or own_addresses([_json(row["content"]), outcome]) & person.addresses:
            yield row


def _versions(link: Connection, person: Person) -> Person:
    for row in link.execute(
        select(VERSIONS).where(or_(_speaks(VERSIONS, person), VERSIONS.c.uid.in_(person.uids)))
    ).mappings():
        own = own_addresses([_json(row["content"]), {"name": row["name"]}])
        if row["uid"] in person.uids or own & person.addresses:
            person = person.joined(Person(own, frozenset({row["uid"]})))
    return person


def _linked(link: Connection, person: Person) -> Person:
    own_name = func.lower(MIRROR_KEYS.c.attribute).in_(ADDRESSES)
    mirrored = select(MIRROR_KEYS.c.uid).where(MIRROR_KEYS.c.folded.in_(person.addresses), own_name)
    uids = person.uids | frozenset(link.scalars(mirrored))
    query = select(LINKS.c.type, LINKS.c.source_key).where(LINKS.c.target_uid.in_(uids))
    pairs = frozenset((row[0], row[1]) for row in link.execute(query))
    back = select(LINKS.c.target_uid).where(tuple_(LINKS.c.type, LINKS.c.source_key).in_(sorted(person.keys)))
    own = frozenset(key.lower() for _, key in pairs if "@" in key)
    return person.joined(Person(own, uids | frozenset(link.scalars(back)), pairs))


def _items_blanked(link: Connection, person: Person) -> int:
    count = 0
    for row in _items_about(link, person):
        if row["state"] == ItemState.BEGUN.value:
            raise StillAtWork(f"The plan {row['plan']} is doing something about them; wait for its end")
        waits = row["state"] == ItemState.WAITING.value
        values = {
            "source_key": None,
            "target_uid": None,
            "content": blank_item(row["content"]),
            "outcome": None if row["outcome"] is None else msgspec.json.encode({FORGOTTEN: True}).decode(),
            "state": ItemState.SKIPPED.value if waits else row["state"],
        }
        this = and_(PLAN_ITEMS.c.plan == row["plan"], PLAN_ITEMS.c.number == row["number"])
        count += link.execute(update(PLAN_ITEMS).where(this).values(values)).rowcount
    return count


def _journal_blanked(link: Connection, person: Person) -> int:
    count, accounts = 0, JOURNAL.c.object_class == _ACCOUNT
    query = select(JOURNAL).where(accounts, or_(_speaks(JOURNAL, person), JOURNAL.c.uid.in_(person.uids)))
    blank = dict.fromkeys(("uid", "reason", "before", "after", "not_applied"))
    for row in list(link.execute(query).mappings()):
        own = own_addresses([_json(row[name]) for name in ("intent", "before", "after")])
        if row["uid"] in person.uids or own & person.addresses:
            values = {**blank, "intent": msgspec.json.encode({FORGOTTEN: True}).decode()}
            count += link.execute(update(JOURNAL).where(JOURNAL.c.id == row["id"]).values(values)).rowcount
    return count


def _removed(link: Connection, table: Table, columns: Iterable[Column[Any]], person: Person) -> int:
    wanted = sorted(person.uids) if table in ROWS else sorted({key for _, key in person.keys})
    count = sum(
        link.execute(delete(table).where(or_(*(column.in_(some) for column in columns)))).rowcount
        for some in _pieces(wanted)
    )
    if table is LINKS or table is DECISIONS:
        owner = table.c.type if table is LINKS else table.c.mapping
        for some in _pieces(sorted(person.keys)):
            count += link.execute(delete(table).where(tuple_(owner, table.c.source_key).in_(some))).rowcount
    return count


def _redacted(link: Connection, table: Table, columns: Sequence[Column[Any]], person: Person) -> int:
    keys, count = list(table.primary_key.columns), 0
    for row in list(link.execute(select(table).where(_speaks(table, person))).mappings()):
        values = {each.name: redacted(row[each.name], person) for each in columns}
        values |= _without_keys(table, values, person)
        if all(values[name] == row[name] for name in values):
            continue
        this = and_(*(key == row[key.name] for key in keys))
        count += link.execute(update(table).where(this).values(values)).rowcount
    return count


def _without_keys(table: Table, values: Mapping[str, Any], person: Person) -> Mapping[str, Any]:
    if table is not RUNS:
        return {}
    arguments = _json(values["arguments"])
    ids, mapping = arguments.get("ids"), arguments.get("mapping")
    if not isinstance(ids, list):
        return {}
    arguments["ids"] = [FORGOTTEN if (mapping, each) in person.keys else each for each in ids]
    return {"arguments": msgspec.json.encode(arguments, order="sorted").decode()}


def _speaks(table: Table, person: Person) -> ColumnElement[bool]:
    named = [column.icontains(each, autoescape=True) for column in TEXTS[table] for each in sorted(person.texts)]
    if table is RUNS and person.keys:
        named.append(RUNS.c.arguments.contains('"ids":['))
    if table is JOURNAL:
        named.append(JOURNAL.c.uid.in_(person.uids))
    return or_(false(), *named)


def _pieces(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _PIECE):
        yield values[start : start + _PIECE]


def _json(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)
