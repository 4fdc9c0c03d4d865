"""
CSV files: what is read, and what is refused.
"""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from webex_connector.expressions.values import Field
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.records import Record
from webex_connector.sync.sources.csv_file import CsvFile, CsvSource


def source(file: Path, content: bytes, *, inline: bool = True, **settings: Any) -> CsvSource:
    """
    Return the source of a file with this content.
    """
    file.write_bytes(content)
    return CsvSource("hr", CsvFile(file, "id", **settings), inline=inline)


async def records(file: Path, content: bytes, **settings: Any) -> list[Record]:
    """
    Return every record of a file with this content.
    """
    return [each async for page in source(file, content, **settings).read() for each in page.records]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """
    The file.
    """
    return tmp_path / "hr.csv"


@pytest.mark.parametrize(
    ("content", "settings"),
    [
        (b"id,name\n1,Zo\xc3\xab\n", {}),
        (b"\xef\xbb\xbfid,name\r\n1,Zo\xc3\xab\r\n", {}),
        (b"id;name\n1;Zo\xc3\xab\n\n", {}),
        (b"id\tname\n1\tZo\xc3\xab", {}),
        (b'"id"|"name"\n"1"|"Zo\xc3\xab"\n', {}),
        (b"id,name\n1,Zo\xeb\n", {"encoding": "cp1252"}),
        ("id,name\n1,Zo\u00eb\n".encode("utf-16"), {"encoding": "utf-16"}),
        (b"id:name\n1:Zo\xc3\xab\n", {"delimiter": ":"}),
    ],
)
async def test_the_usual_dialects_are_read(file: Path, content: bytes, settings: dict[str, object]) -> None:
    """
    Byte order mark, line ends, delimiters and encodings as spreadsheets write them.
    """
    (found,) = await records(file, content, **settings)
    assert (found.key, found.values("name")) == ("1", ("Zo\u00eb",))


async def test_a_record_has_its_values_and_its_line(file: Path) -> None:
    """
    An empty value is none, a column of many values is taken apart, and a quotation may hold lines.
    """
    content = b'id,mail,groups,note\n1,a@x,"A; B;;",\n2,b@x,,"two\nlines"\n3,c@x,,x\n'
    found = await records(file, content, many={"groups": ";"})
    assert [(dict(each.attributes), str(each.place).rpartition(":")[2]) for each in found] == [
        ({"id": ("1",), "mail": ("a@x",), "groups": ("A", "B")}, "2"),
        ({"id": ("2",), "mail": ("b@x",), "note": ("two\nlines",)}, "4"),
        ({"id": ("3",), "mail": ("c@x",), "note": ("x",)}, "5"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not even a head"),
        (b"id,mail\n1,a@x\n2\n", r":3: has 1 values, and the head has 2"),
        (b"id,mail\n1,a@x,more\n", r":2: has 3 values"),
        (b'id,mail\n1,"a@x\n2,b@x\n', r":3: .* as if its end were missing"),
        (b"id,mail,mail\n1,a,b\n", "mail more than once"),
        (b"number,mail\n1,a\n", "lacks the column id; there are: number, mail"),
        (b"id,name\n1,a\n", "lacks the column mail"),
        (b"id,mail\n,a@x\n", r":2: has no id, which is the key"),
        (b"id,mail\n1,Zo\xeb\n", "no utf-8-sig text: .*set encoding"),
        (b'id,mail\n1,"a"x\n', r":2: "),
    ],
)
async def test_what_is_wrong_is_told_with_its_line(file: Path, content: bytes, words: str) -> None:
    """
    A file that was cut off, or is another one, is no shorter list of people.
    """
    with pytest.raises(SourceFailed, match=words):
        await records(file, content, columns=("mail",))


async def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    """
    It is a failure, never an empty source.
    """
    missing = CsvSource("hr", CsvFile(file, "id"), inline=True)
    with pytest.raises(SourceFailed, match=r"hr: .*hr.csv: cannot be read: No such file"):
        _ = [page async for page in missing.read()]


async def test_the_pages_of_a_large_file_hold_every_row(file: Path) -> None:
    """
    2,500 rows come in pages of a thousand, each row once.
    """
    content = "id,mail\n" + "".join(f"{number},p{number}@x\n" for number in range(2500))
    pages = [[each.key for each in page.records] async for page in source(file, content.encode()).read()]
    assert [len(page) for page in pages] == [1000, 1000, 500]
    assert sorted(int(key) for page in pages for key in page) == list(range(2500))


@pytest.mark.real_time
async def test_a_file_is_read_beside_the_loop(file: Path) -> None:
    """
    In a thread of its own the same rows come.
    """
    found = source(file, b"id,mail\n1,a@x\n", inline=False)
    assert [each.key async for page in found.read() for each in page.records] == ["1"]


async def test_a_large_file_takes_no_more_memory(file: Path) -> None:
    """
    Twenty thousand rows go by a page at a time: they would be twenty times as much at once.
    """
    rows = "".join(f"{number},p{number}@example.com\n" for number in range(20_000))
    found = source(file, f"id,mail\n{rows}".encode())
    del rows
    tracemalloc.start()
    try:
        count = 0
        async for page in found.read():
            count += len(page.records)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert most < 3_000_000


def test_named_columns_are_the_shape(file: Path) -> None:
    """
    Expressions are checked against the columns that the settings name; without any they may use all.
    """
    named = CsvSource("hr", CsvFile(file, "id", ("mail",), {"groups": ";"}))
    assert named.shape.attributes == {"id": Field(), "mail": Field(), "groups": Field(many=True)}
    assert CsvSource("hr", CsvFile(file, "id")).shape.attributes is None
