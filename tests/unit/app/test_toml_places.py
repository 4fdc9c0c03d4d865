"""
Line numbers of keys in a TOML file.
"""

import json
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webex_connector.app.toml_places import line_of, lines_of

SAMPLE = '''\
# a [comment] = "with marks"
top = 1

[serve]            # a table
host = "a # no comment"
port=8080
text = """
[not.a.table]
key = 1 \\""" still
"""
raw = \'\'\'
x = "
\'\'\'
list = [
  "one", # ]
  "two]",
]
after = { inline = 1, "deep" = { er = 2 } }
"quo\\u0074ed.key" . \'literal\' = true

[systems . webex."configuration"]
refreshToken = "env:X"
[[many]]
a = 1
[[many]]
a = 2
'''


def test_every_key_has_its_line() -> None:
    """
    Comments, strings over several lines, lists, inline tables, quoted and dotted keys do not lead astray.
    """
    lines = lines_of(SAMPLE)

    assert tomllib.loads(SAMPLE)["serve"]["quoted.key"] == {"literal": True}
    assert {
        ("top",): 2,
        ("serve",): 4,
        ("serve", "host"): 5,
        ("serve", "port"): 6,
        ("serve", "text"): 7,
        ("serve", "raw"): 11,
        ("serve", "list"): 14,
        ("serve", "after"): 18,
        ("serve", "quoted.key"): 19,
        ("serve", "quoted.key", "literal"): 19,
        ("systems",): 21,
        ("systems", "webex"): 21,
        ("systems", "webex", "configuration"): 21,
        ("systems", "webex", "configuration", "refreshToken"): 22,
        ("many",): 25,
        ("many", "a"): 26,
    } == lines


def test_what_is_not_written_stands_at_the_table_around_it() -> None:
    """
    A missing key is looked for where it should have been; an unmentioned table is nowhere.
    """
    lines = lines_of(SAMPLE)

    assert 18 == line_of(lines, ("serve", "after", "deep", "er"))
    assert 4 == line_of(lines, ("serve", "missing"))
    assert line_of(lines, ("clients",)) is None


KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True) | st.text("aβ \"'\\#=[].", min_size=1, max_size=5)
VALUES = st.integers() | st.text("ab\"'#[]{}\n\\= ", max_size=8) | st.lists(st.integers(), max_size=3)


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=4), max_size=4))
def test_lines_agree_with_the_writer(tree: dict[str, dict[str, Any]]) -> None:
    """
    For any tables and values, each key is found on the line on which it was written.
    """
    expected: dict[tuple[str, ...], int] = {}
    text = ""
    for table, keys in tree.items():
        expected[table,] = text.count("\n") + 1
        text += f"[{json.dumps(table)}]\n"
        for key, value in keys.items():
            expected[table, key] = text.count("\n") + 1
            text += f"{json.dumps(key)} = {json.dumps(value)}\n"
    assert tree == tomllib.loads(text)

    assert expected == lines_of(text)
