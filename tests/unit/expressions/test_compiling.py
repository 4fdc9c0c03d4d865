"""
Expressions are checked before anything runs, and evaluated over many records of which none spoils the others.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from webex_connector.base.secret import Secret
from webex_connector.expressions.compiled import BATCH, MOST_STOPS
from webex_connector.expressions.compiling import LIMITS, Expressions
from webex_connector.expressions.errors import ExpressionsInvalid
from webex_connector.expressions.values import Expression, Failure, Field, Kind, Shape, Subject, values_of

pytestmark = pytest.mark.real_time

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SHAPE = Shape({"mail": Field(), "emails": Field(many=True), "cost-center": Field(), "age": Field(Kind.INTEGER)})


@pytest.fixture
async def expressions() -> AsyncIterator[Expressions]:
    """
    Expressions that are stopped soon.
    """
    found = Expressions({"sites": {"BER": "Berlin"}}, replace(LIMITS, seconds=0.2), workers=1)
    yield found
    await found.aclose()


def _named(**texts: str) -> dict[str, Expression]:
    return {name: Expression(text, "sync.toml:7") for name, text in texts.items()}


def _people(number: int) -> list[Subject]:
    return [
        Subject(f"p{n}", {"mail": (f"P{n}@acme.example",), "emails": ("a", "b"), "age": (n,)}) for n in range(number)
    ]


MISTAKES = [
    ('lower(source["mial"])', "column 14: source has no attribute mial; did you mean mail?"),
    ('source.get("costcenter")', "column 12: source has no attribute costcenter; did you mean cost-center?"),
    ('target["mial"]', "column 8: target has no attribute mial; did you mean mail?"),
    ('lower(source["mail"]', "column 21: it is no expression"),
    ("import os", "it is no expression"),
    ("", "column 1: it is empty"),
    ("'x' * 4 #" + "x" * 4000, "it has 4009 characters and may have 4000"),
    ('lowr(source["mail"])', "column 1: Name lowr used when not defined"),
    ('lower(source["emails"])', "column 7: Argument to function lower is incorrect"),
    ('source["age"] + "x"', "column 1: Operator + is not supported"),
    ('source["mail"] +\n  source["age"]', "column 1: Operator + is not supported"),
    ('"x" +\n  lowr("y")', "line 2, column 3: Name lowr used when not defined"),
    ('"ü" + lowr("y")', "column 7: Name lowr used when not defined"),
    ('"ü" + source["mial"]', "column 14: source has no attribute mial"),
    ('lookup("site", source["mail"])', "column 8: there is no table site; did you mean sites?"),
    ('__import__("os")', "column 1: __import__: names that begin with _ are not for expressions"),
    ("().__class__", "names that begin with _ are not for expressions"),
    ("dt.datetime.now()", "column 1: dt is not for expressions"),
    ('source["emails"].pop()', "column 1: pop changes a value, and expressions only look"),
    ("(x := 1)", "nothing can be assigned in an expression"),
]


@pytest.mark.parametrize(("text", "told"), MISTAKES)
async def test_a_mistake_is_told_with_its_place(expressions: Expressions, text: str, told: str) -> None:
    """
    What is wrong with an expression is said with file, line and column, before anything runs.
    """
    with pytest.raises(ExpressionsInvalid) as found:
        await expressions.compile(_named(name=text), SHAPE, SHAPE)

    (mistake,) = found.value.mistakes
    assert str(mistake).startswith("sync.toml:7: name, ")
    assert told in str(mistake)


async def test_all_mistakes_are_told_at_once(expressions: Expressions) -> None:
    """
    Whoever mends a file learns of everything in it that is wrong.
    """
    texts = {f"e{number}": text for number, (text, _) in enumerate(MISTAKES)}

    with pytest.raises(ExpressionsInvalid) as found:
        await expressions.compile(_named(right='lower(source["mail"])', **texts), SHAPE, SHAPE)

    assert list(texts) == [each.expression for each in found.value.mistakes]


async def test_expressions_see_records_as_they_are_shaped(expressions: Expressions) -> None:
    """
    One of many values is a list, one of a single value is that value; what has none is None or an empty list.
    """
    compiled = await expressions.compile(
        _named(
            mail='source["mail"].upper()',
            absent='[source["cost-center"], source.get("age")]',
            many="[each + '!' for each in source['emails']]",
            there='None if target is None else target["mail"]',
            before='old is not None and old["mail"] != source["mail"]',
            link="link_qualifier + now[:4]",
            whole="sorted(source)",
        ),
        SHAPE,
        SHAPE,
    )
    one = Subject("1", {"mail": ("a@x",), "emails": ("a", "b")})
    other = Subject("2", {"mail": ("b@x",)}, target={"mail": ("t@x",)}, old={"mail": ("o@x",)}, link_qualifier="admin")

    found = await compiled.evaluate(["mail", "absent", "many", "there", "before", "link"], [one, other], NOW)
    (whole,) = await compiled.evaluate(["whole"], [one], NOW)

    assert [
        {"mail": "A@X", "absent": [None, None], "many": ["a!", "b!"], "there": None, "before": False}
        | {"link": "default2026"},
        {"mail": "B@X", "absent": [None, None], "many": [], "there": "t@x", "before": True} | {"link": "admin2026"},
    ] == found
    assert {"whole": sorted(SHAPE.attributes or {})} == whole


async def test_one_bad_record_spoils_no_other(expressions: Expressions) -> None:
    """
    Whatever fails in one record of many batches fails there alone, and says where.
    """
    people = _people(2 * BATCH + 10)
    bad = BATCH + 5
    compiled = await expressions.compile(
        _named(
            lowered='source["mail"].lower()',
            divided=f'1 / 0 if source["age"] == {bad} else source["age"]',
            endless=f'sum(1 for _ in iter(int, 1)) if source["age"] == {bad} else "ok"'.replace("_", "x"),
            huge=f'len("x" * 10**10) if source["age"] == {bad} else "ok"',
            odd=f'len if source["age"] == {bad} else "ok"',
        ),
        SHAPE,
    )

    found = await compiled.evaluate(["lowered", "divided", "endless", "huge", "odd"], people, NOW)

    fine = [
        {"lowered": f"p{n}@acme.example", "divided": n, "endless": "ok", "huge": "ok", "odd": "ok"}
        for n in range(len(people))
    ]
    assert [each for n, each in enumerate(fine) if n != bad] == [each for n, each in enumerate(found) if n != bad]
    failed = {name: each.raised for name, each in found[bad].items() if isinstance(each, Failure)}
    assert {"divided", "endless", "huge", "odd"} == failed.keys()
    assert "ZeroDivisionError: division by zero" == failed["divided"]
    assert "It computed for longer than it may" == failed["endless"]
    assert "It took more memory than it may" == failed["huge"]
    assert f"p{bad}" == found[bad]["endless"].key
    assert "p1005@acme.example" == found[bad]["lowered"]


async def test_an_expression_that_never_ends_is_given_up(expressions: Expressions) -> None:
    """
    After a few records it is not tried again, so that a call ends; the others have their values.
    """
    compiled = await expressions.compile(
        _named(endless="sum(1 for x in iter(int, 1))", fine='source["mail"][0]'), SHAPE
    )

    found = await compiled.evaluate(["endless", "fine"], _people(100), NOW)

    raised = [each["endless"].raised for each in found]
    assert {
        "It computed for longer than it may",
        f"It was not tried, since it was stopped for {MOST_STOPS} records before",
    } == set(raised)
    assert MOST_STOPS == raised.count("It computed for longer than it may")
    assert ["P"] * 100 == [each["fine"] for each in found]


async def test_what_the_sandbox_cannot_hold_spoils_no_other(expressions: Expressions) -> None:
    """
    Text that is none (half a surrogate pair, from a file in a wrong encoding) fails for its record.
    """
    people = _people(5)
    people[3] = Subject("p3", {"mail": ("\ud800",)})
    compiled = await expressions.compile(_named(mail='source["mail"].lower()'), SHAPE)

    found = await compiled.evaluate(["mail"], people, NOW)

    assert [False, False, False, True, False] == [isinstance(each["mail"], Failure) for each in found]


async def test_simple_expressions_need_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Attributes, constants, defaults and tables are worked out at once, with what they would give in the sandbox.
    """
    texts = {
        "attribute": 'source["mail"]',
        "constant": '"DE"',
        "fallback": 'default(source.get("cost-center"), "none")',
        "table": 'lookup("sites", default(source["cost-center"], "BER"), "elsewhere")',
        "one": 'first(source["emails"])',
        "gone": 'lookup(source["mail"], "x")',
        "link": "link_qualifier",
    }
    slow = Expressions({"sites": {"BER": "Berlin"}}, workers=1)
    people = [*_people(2), Subject("none", {})]
    # In parts of a list, so that they are not simple any more.
    compiled = await slow.compile(_named(**{name: f"[{text}][0]" for name, text in texts.items()}), SHAPE)
    expected = await compiled.evaluate(list(texts), people, NOW)
    await slow.aclose()
    monkeypatch.setattr("webex_connector.expressions.interpreter.Monty", None)
    quick = Expressions({"sites": {"BER": "Berlin"}})

    found = await (await quick.compile(_named(**texts), SHAPE)).evaluate(list(texts), people, NOW)

    assert [{name: getattr(value, "raised", value) for name, value in each.items()} for each in expected] == [
        {name: getattr(value, "raised", value) for name, value in each.items()} for each in found
    ]


async def test_no_secret_leaves_the_process(expressions: Expressions) -> None:
    """
    A password that a record has is None to every expression.
    """
    compiled = await expressions.compile(
        _named(all="[str(each) for each in source.values()]", one="source['password']")
    )

    (found,) = await compiled.evaluate(["all", "one"], [Subject("1", {"password": (Secret("hidden"),)})], NOW)

    assert {"all": ["None"], "one": None} == found


def test_results_become_values() -> None:
    """
    Nothing, an empty text and empty parts of a list are no values.
    """
    assert [(), (), (), (1,), ("a", "b"), (False,)] == [
        values_of(each) for each in (None, "", [], 1, ["a", None, "", "b"], False)
    ]
