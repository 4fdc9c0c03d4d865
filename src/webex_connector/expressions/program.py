"""
The one program that many expressions become: the functions, then a function for each expression. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from webex_connector.expressions.values import Expression, Shape

FUNCTIONS: Final = (files(__package__) / "functions.py").read_text("utf-8")
"""
What expressions can call, as the sandbox is given it.
"""

_PARAMETERS = "source{source}, old{old}, target{target}, link_qualifier{text}"


@dataclass(frozen=True, slots=True)
class Program:
    """
    A program, and where in it each expression stands.
    """

    text: str
    lines: Mapping[str, int]
    """
    The line before an expression's first, by its name.
    """

    def expression_at(self, line: int) -> tuple[str, int] | None:
        """
        Return the name of the expression that has this line, and which of its lines it is; None for lines of ours.
        """
        above = [(start, name) for name, start in self.lines.items() if start < line]
        return (max(above)[1], line - max(above)[0]) if above else None


def program_of(named: Mapping[str, Expression], *, typed: bool = False) -> Program:
    """
    Return the program of these expressions; `typed` for the checker, which then knows what the names are.
    """
    notes = {"source": "", "old": "", "target": "", "text": ""}
    if typed:
        notes = {"source": ": Source", "old": ": Source", "target": ": Target", "text": ": str"}
    text, lines = FUNCTIONS, dict[str, int]()
    for number, (name, expression) in enumerate(named.items()):
        text += f"\ndef {function_of(number)}({_PARAMETERS.format(**notes)}):\n    return (\n"
        lines[name] = text.count("\n")
        text += f"{expression.text}\n    )\n"
    return Program(text, lines)


def function_of(number: int) -> str:
    """
    Return the name that an expression's function has in the program.
    """
    return f"_expression_{number}"


def stubs_of(source: Shape, target: Shape) -> str:
    """
    Return the types of what expressions see, in the words of the type checker.
    """
    return f"from typing import Any, TypedDict\n{_type('Source', source)}\n{_type('Target', target)}\nnow: str\n"


def driving(numbers: Sequence[int], *, told: bool = False) -> str:
    """
    Return the last lines of a program that runs: each of these expressions over all rows.
    """
    runs = ", ".join(f"_driven({function_of(number)}, _rows, {told})" for number in numbers)
    return f"_tables.update(_given_tables)\n_known.update(_given_known)\n_rows = _given_rows\n([{runs}], _asked)\n"


def _type(name: str, shape: Shape) -> str:
    if shape.attributes is None:
        return f"{name} = dict[str, Any]"
    fields = ", ".join(
        f"{attribute!r}: {f'list[{field.kind.value}]' if field.many else field.kind.value}"
        for attribute, field in shape.attributes.items()
    )
    return f'{name} = TypedDict("{name}", {{{fields}}}, total=False)'
