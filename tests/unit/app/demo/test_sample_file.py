"""
The sample file of people that is shipped: it has what the demonstration says it has.
"""

import csv
import unicodedata
from collections import Counter

from webex_connector.app.demo.synchronizing import DOMAIN, MADE, SAMPLES
from webex_connector.sandbox.catalogue import LICENSES, ORGANIZATION
from webex_connector.sandbox.ids import Kind, encode
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE


def _rows(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_the_file_has_every_awkward_case() -> None:
    """
    Five hundred people, among them letters that are no ASCII, composed and not; one address twice and one missing; an
    address in other letters; leavers; and managers who are nobody, or each other's.
    """
    rows = _rows("hr.csv")
    by_number = {row["number"]: row for row in rows}
    names = "".join(row["first"] + row["last"] for row in rows)
    addresses = Counter(row["mail"].casefold() for row in rows)

    assert 500 == len(rows) == len(by_number)
    assert not names.isascii()
    assert names != unicodedata.normalize("NFC", names)
    assert [2] == [count for address, count in addresses.items() if count > 1]
    assert 1 == addresses[""] == addresses[ADMIN] == addresses[SAMPLE]
    assert SAMPLE not in [row["mail"] for row in rows]
    assert 5 == sum(row["status"] == "left" for row in rows)
    assert {"9999"} == {row["boss"] for row in rows} - by_number.keys() - {""}
    assert any(by_number[row["boss"]]["boss"] == row["number"] for row in rows if row["boss"] in by_number)
    assert len(rows) - MADE == 2 + 5 + 2 + 1
    assert {DOMAIN} == {f"@{row['mail'].casefold().partition('@')[2]}" for row in rows[2:] if row["mail"]}


def test_in_the_file_of_leavers_only_that_is_different() -> None:
    """
    The second file says of 150 people that they have left, and nothing else.
    """
    changed = [
        (before, after)
        for before, after in zip(_rows("hr.csv"), _rows("hr-leavers.csv"), strict=True)
        if before != after
    ]

    assert 150 == len(changed)
    assert all({**before, "status": "left"} == after for before, after in changed)


def test_the_licenses_are_those_of_the_organisation() -> None:
    """
    The ids that the words of the file stand for are those of the simulated organisation's licences.
    """
    there = {encode(Kind.LICENSE, f"{ORGANIZATION.uuid}:{each.key}") for each in LICENSES}

    assert {row["id"] for row in _rows("licenses.csv")} <= there
