"""
From expressions as they were written to ones that are ready: every mistake of all of them is told at once, before
anything runs.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from webex_connector.expressions.compiled import Compiled, One
from webex_connector.expressions.errors import ExpressionMistake, ExpressionsInvalid, Mistake
from webex_connector.expressions.interpreter import Interpreter, Limits
from webex_connector.expressions.program import program_of, stubs_of
from webex_connector.expressions.reading import Reading, mistakes_in, read
from webex_connector.expressions.rows import Looks
from webex_connector.expressions.simple import Tables, plain
from webex_connector.expressions.values import UNKNOWN, Expression, Shape

LIMITS: Final = Limits(seconds=1.0, memory=256 * 2**20, calls=0, text=2**20)
"""
Of one batch. A thousand records with a dozen expressions take a fiftieth of a second.
"""

NO_TABLES: Final[Tables] = MappingProxyType({})


class Expressions:
    """
    Compiles and evaluates expressions. Worker processes begin with the first one that is not simple.
    """

    def __init__(self, tables: Tables = NO_TABLES, limits: Limits = LIMITS, workers: int = 2) -> None:
        self._tables = tables
        self._interpreter = Interpreter(limits, workers)

    async def compile(
        self, named: Mapping[str, Expression], source: Shape = UNKNOWN, target: Shape = UNKNOWN
    ) -> Compiled:
        """
        Return the expressions, ready for records of these shapes.

        Raises ExpressionsInvalid with every mistake: in their form, names that there are not, attributes that records
        do not have, types that do not fit.
        """
        shapes = {"source": source, "old": source, "target": target}
        readings: dict[str, Reading] = {}
        wrong: list[ExpressionMistake] = []
        for name, expression in named.items():
            found = read(expression.text)
            mistakes = [found] if isinstance(found, Mistake) else list(mistakes_in(found, shapes, self._tables))
            wrong += [ExpressionMistake(name, expression.place, each) for each in mistakes]
            if isinstance(found, Reading) and not mistakes:
                readings[name] = found
        ones = {
            name: One(
                number,
                named[name],
                Looks(reading.keys, source, target),
                plain(reading.tree, self._tables),
            )
            for number, (name, reading) in enumerate(readings.items())
        }
        wrong += await self._mistyped({name: one.expression for name, one in ones.items() if not one.plain}, shapes)
        if wrong:
            order = list(named)
            raise ExpressionsInvalid(sorted(wrong, key=lambda each: order.index(each.expression)))
        text = program_of({name: one.expression for name, one in ones.items()}).text
        return Compiled(self._interpreter, text, ones, self._tables)

    async def aclose(self) -> None:
        """
        End the worker processes.
        """
        await self._interpreter.aclose()

    async def _mistyped(self, named: Mapping[str, Expression], shapes: Mapping[str, Shape]) -> list[ExpressionMistake]:
        if not named:
            return []
        program = program_of(named, typed=True)
        found = []
        for each in await self._interpreter.check(program.text, stubs_of(shapes["source"], shapes["target"])):
            place = program.expression_at(each.line)
            if place is None:
                raise AssertionError(f"the program around the expressions is wrong: {each}")
            name, line = place
            found.append(ExpressionMistake(name, named[name].place, Mistake(line, each.column, each.message)))
        return found
