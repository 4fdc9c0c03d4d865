"""
References through the links of another mapping: the members of a group are people, whom the mapping of people has
linked.

What leads nowhere is left out. Until it leads somewhere, nobody who is a stranger to the links is taken out either: it
may be the very one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.store.links import LinkTable
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.definition import DEFAULT_QUALIFIER, SyncMapping
from webex_connector.sync.decide.mapped import Mapped
from webex_connector.sync.decide.mapping import KEYS, key_in
from webex_connector.sync.records import folded


@dataclass(frozen=True, slots=True)
class Way:
    """
    How an attribute refers through another mapping.
    """

    attribute: str
    through: SyncMapping
    member: str | None = None
    """
    What the uid is called in its values, where these are complex.
    """

    def key(self, text: str) -> str:
        """
        Return a key as the other mapping has it.
        """
        return text if self.through.source_keys_case_sensitive else folded(text)

    def value(self, uid: str) -> Value:
        """
        Return a uid as the attribute holds it.
        """
        return uid if self.member is None else {self.member: uid}


class Crossing:
    """
    The references of one mapping that lead through others. Made by `crossing_of`.
    """

    def __init__(self, ways: Sequence[Way], links: LinkTable) -> None:
        self._ways, self._links = ways, links

    async def resolved(self, records: Sequence[Mapped]) -> Sequence[Mapped]:
        """
        Return the records with what their references lead to. Raises StoreFailed.
        """
        for way in self._ways:
            asked = {way.key(str(key)) for each in records for key in each.elsewhere.get(way.attribute, ())}
            if asked:
                mapping = way.through
                linked = await self._links.of_keys(mapping.link_type, sorted(asked), turned=mapping.links_turned)
                records = [_resolved(each, way, linked) for each in records]
        return records

    async def kept(self, pairs: Sequence[Pair]) -> Sequence[Pair]:
        """
        Return the pairs so that no stranger is taken out of what is not whole. Raises StoreFailed.
        """
        for way in self._ways:
            concerned = [each for each in pairs if each.target is not None and _is_lacking(each, way)]
            uids = {key_in(value) for each in concerned for value in _there(each, way)}
            if uids:
                mapping = way.through
                known = await self._links.of_keys(mapping.link_type, sorted(uids), turned=not mapping.links_turned)
                linked = {uid for uid, _ in known}
                pairs = [_with_strangers(each, way, linked) if _is_lacking(each, way) else each for each in pairs]
        return pairs


def crossing_of(
    mapping: SyncMapping, info: ObjectClassInfo, mappings: Mapping[str, SyncMapping], links: LinkTable
) -> Crossing:
    """
    Return how a mapping's references lead through others; `mappings` has those by their names.
    """
    ways = [
        Way(fact.name, mappings[each.through], _member(fact))
        for each in mapping.properties
        if each.through is not None
        for fact in [info.attribute(each.target)]
    ]
    return Crossing(ways, links)


def _member(fact: AttributeInfo) -> str | None:
    if fact.type is not AttributeType.MAP:
        return None
    parts = {each.name for each in fact.fields}
    return next((name for name in KEYS if name in parts), KEYS[-1])


def _resolved(record: Mapped, way: Way, linked: Mapping[tuple[str, str], str]) -> Mapped:
    keys = record.elsewhere.get(way.attribute)
    if keys is None:
        return record
    uids = {str(key): _uid(way.key(str(key)), record.qualifier, linked) for key in keys}
    found = tuple(way.value(uid) for uid in uids.values() if uid is not None)
    left = tuple(key for key, uid in uids.items() if uid is None)
    elsewhere = {name: values for name, values in record.elsewhere.items() if name != way.attribute}
    return replace(
        record,
        attributes={**record.attributes, way.attribute: found},
        elsewhere={**elsewhere, way.attribute: left} if left else elsewhere,
    )


def _uid(key: str, qualifier: str, linked: Mapping[tuple[str, str], str]) -> str | None:
    return linked.get((key, qualifier)) or linked.get((key, DEFAULT_QUALIFIER))


def _is_lacking(pair: Pair, way: Way) -> bool:
    return pair.source is not None and way.attribute in pair.source.elsewhere


def _there(pair: Pair, way: Way) -> Values:
    return () if pair.target is None else pair.target.attributes.get(way.attribute, ())


def _with_strangers(pair: Pair, way: Way, linked: Iterable[str]) -> Pair:
    if pair.source is None:
        return pair
    strangers = tuple(value for value in _there(pair, way) if key_in(value) not in linked)
    given = pair.source.attributes.get(way.attribute, ())
    source = replace(pair.source, attributes={**pair.source.attributes, way.attribute: (*given, *strangers)})
    return replace(pair, source=source)
