"""
Scripts and filters of OpenIDM's mappings as expressions: the words, and that they give what the script gives.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from webex_connector.app.openidm import filters
from webex_connector.app.openidm.nodes import Untranslatable
from webex_connector.app.openidm.rewriting import OBJECTS, expression_of
from webex_connector.app.openidm.syntax import statements_of
from webex_connector.app.openidm.values import value_of
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.values import Expression, Failure, Subject

pytestmark = pytest.mark.real_time

RECORD = {
    "mail": ("Anna.Lee@Example.com",),
    "givenName": ("Anna",),
    "sn": ("Lee",),
    "active": ("true",),
    "phone": ("+49 (30) 123",),
    "roles": ("admin", "user"),
    "nick": (),
    "name": ({"givenName": "Anna"},),
    "level": (3,),
}

SCRIPTS = [
    ("[source]", 'listed(source["mail"])', ["Anna.Lee@Example.com"]),
    ("source", 'source["mail"]', "Anna.Lee@Example.com"),
    ("source.toLowerCase()", 'lower(source["mail"])', "anna.lee@example.com"),
    ("source.toUpperCase().trim();", '(upper(source["mail"]) or "").strip()', "ANNA.LEE@EXAMPLE.COM"),
    ("source.split('@')[0]", '(source["mail"] or "").split("@")[0]', "Anna.Lee"),
    (
        "source.substring(0, source.indexOf('@'))",
        '(source["mail"] or "")[0:(source["mail"] or "").find("@")]',
        "Anna.Lee",
    ),
    ("source.indexOf('@') !== -1", '"@" in (source["mail"] or [])', True),
    ("source.replace(/\\./g, '_')", 'replace(source["mail"], "\\\\.", "_")', "Anna_Lee@Example_com"),
    ("source.replace('Anna', 'A')", '(source["mail"] or "").replace("Anna", "A", 1)', "A.Lee@Example.com"),
    ("source.replace(/(.*)@(.*)/g, '$2')", 'replace(source["mail"], "(.*)@(.*)", "\\\\2")', "Example.com"),
    ("/EXAMPLE/i.test(source)", 'matches(source["mail"], "(?i)EXAMPLE")', True),
    ("source.length", 'len(source["mail"] or [])', 20),
    ("source.charAt(0)", '(source["mail"] or "")[0:0 + 1]', "A"),
    ("[{type: 'work', 'value': source}]", '[{"type": "work", "value": source["mail"]}]', None),
    ("object.givenName + ' ' + object.sn", 'join("", source["givenName"], " ", source["sn"])', "Anna Lee"),
    ("'' + object.level", 'join("", source["level"])', "3"),
    ("object.level + 1", 'source["level"] + 1', 4),
    ("object.nick || object.givenName", 'source["nick"] or source["givenName"]', "Anna"),
    ("object.active === 'true' ? true : false", 'True if (source["active"] == "true") else False', True),
    ("!object.nick && object.level >= 3", '(not source["nick"]) and (source["level"] >= 3)', True),
    ("typeof object.nick === 'undefined'", 'source["nick"] is None', True),
    ("object.nick != null", 'source["nick"] is not None', False),
    ("object.roles.includes('admin')", '("admin" in (source["roles"] or []))', True),
    ("object.roles.indexOf('guest') >= 0", '"guest" in (source["roles"] or [])', False),
    ("object.roles.join(';')", 'join(";", source["roles"])', "admin;user"),
    ("object.roles[0]", 'listed(source["roles"])[0]', "admin"),
    ("object.name.givenName", '(source["name"] or {}).get("givenName")', "Anna"),
    ("object['givenName'].concat('!')", 'join("", source["givenName"], "!")', "Anna!"),
    ("String(object.level)", 'join("", source["level"])', "3"),
    ("parseInt('7')", 'int("7")', 7),
    ("`${object.sn}, ${object.givenName}`", 'join("", source["sn"], ", ", source["givenName"])', "Lee, Anna"),
    ("linkQualifier", "link_qualifier", "default"),
    (
        "var n = object.nick; if (n) { n.toUpperCase() } else { 'none' }",
        'upper(source["nick"]) if source["nick"] else "none"',
        "none",
    ),
    (
        "(function () { if (object.level < 2) { return 'low'; } /* else */ return 'high'; }());",
        '"low" if (source["level"] < 2) else "high"',
        "high",
    ),
    (
        "var r = ''; // nothing\nif (object.sn == 'Lee') { r = 'L'; } else if (object.sn == 'Ray') { r = 'R' }\nr",
        '"L" if (source["sn"] == "Lee") else ("R" if (source["sn"] == "Ray") else "")',
        "L",
    ),
    ("(function (s) { logger.info(s); return s + '.'; })(object.sn)", 'join("", source["sn"], ".")', "Lee."),
]

GROOVY = [
    ('"${source.givenName} ${source.sn}"', 'join("", source["givenName"], " ", source["sn"])', "Anna Lee"),
    ("source.mail?.toLowerCase()", 'lower(source["mail"])', "anna.lee@example.com"),
    ("def n = source.nick ?: 'none'\nreturn n", 'source["nick"] or "none"', "none"),
]

REFUSED = [
    ("openidm.read('managed/user/1')", "`openidm` is not there"),
    ("new java.util.Date()", "line 1 has `new`"),
    ("for (var i = 0; i < 3; i++) { i }", "line 1 has `for`"),
    ("source.foo()", "`.foo()` is not there"),
    ("var a = 1;\nsource.mail = a;", "it changes an object"),
    ("source.replace(/a/, 'b')", "/a/ replaces the first place only"),
    ("source.mail.", "it ends too early"),
    ("source.mail +", "it ends too early"),
    ("(source.mail", "it ends where ')' is expected"),
    ("source.a source.b)", "line 1 has ')'"),
    ("source.mail # x", "line 1 has '#'"),
    ("source[other]", "it takes a member whose name is computed"),
    ("function f() { return 1; }", "it makes a function"),
    ("source.n * 1.5", "line 1 computes with fractions"),
    ("target.mail(1); source.mail", "it does something besides giving a value"),
    ("typeof source.mail", "`typeof` is not there"),
    ("x" * 9000, "it has 9000 characters, more than 8000"),
    ("(" * 100 + "1" + ")" * 100, "it is nested too deep"),
    ("if (source.a) { var b = 1; } " * 14 + "b", "it has too many branches"),
]

FILTERS = [
    ('/object/active eq "true"', '"true" in listed(source["active"])', True),
    ("/object/nick pr", 'default(source["nick"]) is not None', False),
    ('/source/mail ew "Example.com"', 'any(each.endswith("Example.com") for each in listed(source["mail"]))', True),
    ('/object/roles eq "admin"', '"admin" in listed(source["roles"])', True),
    ('/linkQualifier eq "default"', 'link_qualifier == "default"', True),
    ("/object/level gt 2 and !(/object/nick pr)", None, True),
    ("/object/level le 2 or /object/name/givenName sw 'An'", None, True),
    (
        '/object/roles ca \'["admin","user"]\'',
        '"admin" in listed(source["roles"]) and "user" in listed(source["roles"])',
        True,
    ),
    ('/object/mail co "/object/"', 'any("/object/" in each for each in listed(source["mail"]))', False),
    ("true", "True", True),
]


def written(script: str, *, groovy: bool = False, variables: dict[str, str] | None = None) -> str:
    """
    Return the expression that says what a script says.
    """
    return expression_of(value_of(statements_of(script, groovy=groovy)), variables or OBJECTS)


async def given(expression: str) -> Any:
    """
    Return what an expression gives for the record.
    """
    expressions = Expressions(workers=1)
    try:
        ready = await expressions.compile({"it": Expression(expression, "here")})
        ((found),) = await ready.evaluate(["it"], [Subject("1", RECORD)], datetime(2026, 11, 21, tzinfo=UTC))
        assert not isinstance(found["it"], Failure), str(found["it"])
        return found["it"]
    finally:
        await expressions.aclose()


async def test_scripts_give_as_expressions_what_they_give() -> None:
    """
    The idioms of JavaScript that mappings are written in; with a source attribute, `source` is its value.
    """
    variables = {**OBJECTS, "source": 'source["mail"]'}
    texts = [written(script, variables=variables) for script, _, _ in SCRIPTS]
    assert texts == [text for _, text, _ in SCRIPTS]
    values = await given(f"[{', '.join(texts)}]")
    assert [value for value, (_, _, wanted) in zip(values, SCRIPTS, strict=True) if wanted is not None] == [
        wanted for _, _, wanted in SCRIPTS if wanted is not None
    ]


async def test_groovy_is_read_as_well() -> None:
    """
    Its texts with values in them, its careful dots and its short choice.
    """
    texts = [written(script, groovy=True) for script, _, _ in GROOVY]
    assert texts == [text for _, text, _ in GROOVY]
    assert await given(f"[{', '.join(texts)}]") == [wanted for _, _, wanted in GROOVY]


@pytest.mark.parametrize(("script", "why"), REFUSED)
def test_what_no_expression_can_say_is_refused(script: str, why: str) -> None:
    """
    With what it is, and where.
    """
    with pytest.raises(Untranslatable) as found:
        written(script)
    assert str(found.value).startswith(why)


async def test_filters_hold_as_expressions_for_what_they_hold_for() -> None:
    """
    Any value of an attribute may do; the names in front say whose attribute it is.
    """
    texts = [filters.expression_of(text) for text, _, _ in FILTERS]
    assert [
        (text, wanted) for text, (_, wanted, _) in zip(texts, FILTERS, strict=True) if wanted not in {None, text}
    ] == []
    assert await given(f"[{', '.join(texts)}]") == [wanted for _, _, wanted in FILTERS]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/object/mail ne 1", "it is no filter: there is no operator 'ne'"),
        ('/oldTarget/mail eq "x"', "/oldTarget/mail is not there"),
        ('mail eq "x"', "/mail is not there"),
    ],
)
def test_filters_that_cannot_be_said_are_refused(text: str, why: str) -> None:
    """
    With what is wrong.
    """
    with pytest.raises(Untranslatable) as found:
        filters.expression_of(text)
    assert str(found.value).startswith(why)
