"""
Every function of expressions gives what its page says, in the sandbox.
"""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from webex_connector.expressions import functions
from webex_connector.expressions.compiled import Results
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.examples import EXAMPLES, NOW, RECORD, TABLES
from webex_connector.expressions.values import Expression, Failure, Subject

pytestmark = pytest.mark.real_time


@pytest.fixture
async def expressions() -> AsyncIterator[Expressions]:
    """
    Expressions that know the tables of the examples.
    """
    found = Expressions(TABLES, workers=1)
    yield found
    await found.aclose()


async def _evaluated(expressions: Expressions, *texts: str) -> Results:
    compiled = await expressions.compile({text: Expression(text, "page") for text in texts})
    return await compiled.evaluate(texts, [Subject("1", RECORD)], datetime.fromisoformat(NOW))


async def test_examples_are_true(expressions: Expressions) -> None:
    """
    Each example gives what stands beside it.
    """
    examples = {call: result for calls in EXAMPLES.values() for call, result in calls}

    (found,) = await _evaluated(expressions, *examples)

    assert examples == found


def test_every_function_has_an_example() -> None:
    """
    Nobody can add a function that the page does not show.
    """
    offered = {name for name, each in vars(functions).items() if callable(each) and not name.startswith("_")}

    assert offered - {"found_in", "Any"} == EXAMPLES.keys()


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ('phone("1" * 20, "DE")', "is no telephone number: (4) The string supplied is too long"),
        ('phone("030 123456")', "begin it with + or name its country"),
        ('phone("030 123456", "Germany")', "ValueError: Germany is no country; two letters are, as DE"),
        ('phone("abc", "DE")', "ValueError: abc is no telephone number"),
        ('date("31.2.2026", "%d.%m.%Y")', "ValueError"),
        ('lookup(source["mail"], "x")', "LookupError: There is no table Anna.Lee@acme.example"),
        ('source["givenName"] / 2', "TypeError"),
    ],
)
async def test_what_cannot_be_done_is_told(expressions: Expressions, text: str, raised: str) -> None:
    """
    A value that does not fit fails with what is wrong with it, and with its record.
    """
    (found,) = await _evaluated(expressions, text)

    failure = found[text]
    assert isinstance(failure, Failure)
    assert raised in failure.raised
    assert ("page", "1") == (failure.place, failure.key)
