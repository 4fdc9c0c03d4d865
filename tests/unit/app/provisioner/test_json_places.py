"""
On which line each member of a JSON file stands.
"""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webex_connector.app.provisioner.json_places import lines_of
from webex_connector.app.toml_places import Path

TEXT = """{
  "a": {"b": [1, {"c": "x, \\"y\\": {"}],
        "d": null},
  "e": [[], [true,
    {}]],
  "a": 2.5e3
}"""


def test_members_and_elements_have_their_lines() -> None:
    """
    A member stands where its name is, an element where it begins; what is written twice is told, and a text may hold
    any sign.
    """
    found = lines_of(TEXT)
    assert found.first == {
        ("a",): 2,
        ("a", "b"): 2,
        ("a", "b", "0"): 2,
        ("a", "b", "1"): 2,
        ("a", "b", "1", "c"): 2,
        ("a", "d"): 3,
        ("e",): 4,
        ("e", "0"): 4,
        ("e", "1"): 4,
        ("e", "1", "0"): 4,
        ("e", "1", "1"): 5,
    }
    assert found.twice == [("a",)]


def test_a_file_of_one_word_has_no_members() -> None:
    """
    What is no object and no list has no lines.
    """
    assert (lines_of('"x"').first, lines_of("[]").first) == ({}, {})


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def _leaves(tree: Any, path: Path = ()) -> dict[Path, Any]:
    if isinstance(tree, dict):
        return {key: leaf for name, each in tree.items() for key, leaf in _leaves(each, (*path, name)).items()}
    if isinstance(tree, list):
        numbered = enumerate(tree)
        return {key: leaf for number, each in numbered for key, leaf in _leaves(each, (*path, str(number))).items()}
    return {path: tree}


@given(st.dictionaries(st.text(), TREES, max_size=5), st.booleans())
def test_each_value_is_found_where_it_is(tree: dict[str, Any], ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    """
    Reading the characters of each value again gives the value.
    """
    text = json.dumps(tree, indent=1, ensure_ascii=ascii_only)
    found = lines_of(text)
    assert {path: json.loads(text[start:end]) for path, (start, end) in found.spans.items()} == _leaves(tree)
    assert found.twice == []
