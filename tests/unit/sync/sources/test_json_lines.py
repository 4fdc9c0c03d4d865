"""
Files of JSON lines: what is read, and what is refused.
"""

from pathlib import Path

import pytest

from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.sources.json_lines import JsonLinesFile, JsonLinesSource


def source(file: Path, content: bytes | None) -> JsonLinesSource:
    """
    Return the source of a file with this content; None: it is not there.
    """
    if content is not None:
        file.write_bytes(content)
    return JsonLinesSource("hr", JsonLinesFile(file, "id"), inline=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """
    The file.
    """
    return tmp_path / "hr.jsonl"


async def test_objects_are_records(file: Path) -> None:
    """
    Lists are lists of values, nothing is no value, and other kinds stay what they are.
    """
    content = b'{"id": 7, "mails": ["a", null, "b"], "active": true, "note": null, "x": ""}\n\n{"id": "8"}\n'
    found = [each async for page in source(file, content).read() for each in page.records]
    assert [(each.key, dict(each.attributes), str(each.place).rpartition(":")[2]) for each in found] == [
        ("7", {"id": (7,), "mails": ("a", "b"), "active": (True,)}, "1"),
        ("8", {"id": ("8",)}, "3"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file"),
        (b'{"id": "1"}\n{"id": "2"', r":2: is no whole JSON object"),
        (b'{"id": "1"}\n[1]\n', r":2: is no whole JSON object"),
        (b'{"id": "1"}\n{"mail": "a"}\n', r":2: has no id, which is the key"),
        (b'{"id": ["1"]}\n', r":1: has no id"),
        (b'{"id": "\xff"}\n', r":1: is no whole JSON object"),
    ],
)
async def test_what_is_wrong_is_told_with_its_line(file: Path, content: bytes | None, words: str) -> None:
    """
    A file that was cut off is no shorter list of people.
    """
    with pytest.raises(SourceFailed, match=words):
        _ = [page async for page in source(file, content).read()]
