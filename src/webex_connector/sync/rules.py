"""
A mapping's rules: its expressions compiled, and asked a page at a time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.expressions.compiled import Compiled
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.values import UNKNOWN, Expression, Failure, Shape, Subject
from webex_connector.icf import names
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.policy.judging import shape_of
from webex_connector.sync.crossing import Crossing
from webex_connector.sync.decide.comparing import named
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.mapped import Mapped, Target
from webex_connector.sync.decide.mapping import VALID_TARGET, Finder, Mapper, expressions_of, of_records
from webex_connector.sync.records import Page

_NOTHING: Mapping[str, Any] = {}


class CompiledRules:
    """
    The rules of one mapping. Made by `compiled`.
    """

    def __init__(
        self,
        mapping: SyncMapping,
        info: ObjectClassInfo,
        expressions: Compiled,
        clock: Clock,
        crossing: Crossing | None,
    ) -> None:
        self._mapping, self._expressions, self._clock = mapping, expressions, clock
        self._crossing = crossing
        self._gives_name = any(info.attribute(each.target).name == names.NAME for each in mapping.properties)
        self._mapper, self._finder = Mapper(mapping, info), Finder(mapping)
        named = expressions_of(mapping)
        self._names = {expression: name for name, expression in named.items()}
        self._of_records = of_records(mapping)
        self._of_targets = [name for name in named if name == VALID_TARGET]
        everything = frozenset(each.name for each in info.attributes)
        looks = [expressions.looks(name).of("target") for name in named]
        self.reads = frozenset[str]().union(*(everything if look is None else look for look in looks))

    async def mapped(self, page: Page) -> Sequence[Mapped]:
        """
        Return records as the target should have them, one for each link qualifier.
        """
        found: list[Mapped] = []
        for qualifier in self._mapping.link_qualifiers:
            results: Sequence[Mapping[str, Any]] = [_NOTHING] * len(page.records)
            if self._of_records:
                subjects = [Subject(each.key, each.attributes, link_qualifier=qualifier) for each in page.records]
                results = await self._asked(self._of_records, subjects)
            found += [
                self._mapper.mapped(record, qualifier, result)
                for record, result in zip(page.records, results, strict=True)
            ]
        return found if self._crossing is None else await self._crossing.resolved(found)

    async def completed(self, pairs: Sequence[Pair]) -> Sequence[Pair]:
        """
        Return pairs so that nobody is taken out by a reference that leads nowhere. Raises StoreFailed.
        """
        return pairs if self._crossing is None else await self._crossing.kept(pairs)

    async def targets(self, objects: Sequence[ConnectorObject]) -> Sequence[Target]:
        """
        Return objects with what they correlate by. One of which it cannot be told whether it counts does not.
        """
        results: Sequence[Mapping[str, Any]] = [_NOTHING] * len(objects)
        if self._of_targets:
            subjects = [Subject(each.uid, {}, each.attributes) for each in objects]
            results = await self._asked(self._of_targets, subjects)
        return [
            Target(
                each.uid,
                each.name,
                named(each) if self._gives_name else each.attributes,
                self._finder.matches(each.uid, each.name, each.attributes),
                _is_true(result.get(VALID_TARGET, True)),
            )
            for each, result in zip(objects, results, strict=True)
        ]

    async def hold(self, condition: Expression, pairs: Sequence[Pair]) -> Sequence[bool]:
        """
        Say of each pair whether a policy's condition holds. One that cannot be told does not.
        """
        subjects = [
            Subject(
                pair.key or pair.uid or "",
                {} if pair.source is None else pair.source.record,
                None if pair.target is None else pair.target.attributes,
                link_qualifier=pair.qualifier,
            )
            for pair in pairs
        ]
        name = self._names[condition]
        return [_is_true(result[name]) for result in await self._asked([name], subjects)]

    async def _asked(self, names: Sequence[str], subjects: Sequence[Subject]) -> Sequence[Mapping[str, Any]]:
        return await self._expressions.evaluate(names, subjects, self._clock.now())


async def compiled(
    mapping: SyncMapping,
    info: ObjectClassInfo,
    expressions: Expressions,
    clock: Clock,
    source: Shape = UNKNOWN,
    crossing: Crossing | None = None,
) -> CompiledRules:
    """
    Return a mapping's rules; `crossing` is needed where it refers through others.

    Raises ExpressionsInvalid with everything that is wrong in its expressions.
    """
    ready = await expressions.compile(expressions_of(mapping), source, shape_of(info))
    return CompiledRules(mapping, info, ready, clock, crossing)


def _is_true(result: object) -> bool:
    return bool(result) and not isinstance(result, Failure)
