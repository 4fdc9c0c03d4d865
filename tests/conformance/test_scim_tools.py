"""
The SCIM door as conformance tools from outside see it: what each check is expected to find is in `scim_expected.toml`.

Only what the RFCs do not demand may differ from success, each with its reason. A check that comes out otherwise fails
here, also when it comes out better, and so does one that is new or missing.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from fakes.scim_house import SYSTEMS, ScimHouse, scim_house
from fakes.scim_tester import Results, by_sanity, by_tester

pytestmark = pytest.mark.long

EXPECTED: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "scim_expected.toml").read_text("utf-8"))
KINDS = {"groups": ["User"], "scim": None, "teams": ["Group"], "both": ["Group", "Team"]}
"""
The resource types that scim2-tester tries: each where it is different.
"""
GOOD = frozenset({"SUCCESS", "PASS"})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScimHouse]:
    """
    A server, and the organisation behind it.
    """
    with scim_house(tmp_path_factory.mktemp("house")) as found:
        yield found


def differences(expected: Mapping[str, str | list[str]], found: Results) -> list[str]:
    """
    Return in words which checks came out otherwise than expected.
    """
    wanted = {name: each if isinstance(each, str) else each[0] for name, each in expected.items()}
    names = sorted({*wanted, *found})
    return [
        f"{name}: {found.get(name, 'not made')}, expected {wanted.get(name, 'nothing')}"
        for name in names
        if wanted.get(name) != found.get(name)
    ]


@pytest.mark.parametrize("system", SYSTEMS)
def test_scim_sanity_finds_what_is_expected(house: ScimHouse, system: str) -> None:
    """
    Groups as groups by either road to people, teams as groups, and teams beside groups.
    """
    assert [] == differences(EXPECTED["scim-sanity"][system], by_sanity(house.base(system)))


@pytest.mark.parametrize("system", SYSTEMS)
def test_scim2_tester_finds_what_is_expected(house: ScimHouse, system: str) -> None:
    """
    Users by either road; groups, roles and licences; teams as groups, and as a type of their own beside groups.
    """
    assert [] == differences(EXPECTED["scim2-tester"][system], by_tester(house.base(system), KINDS[system]))


def test_what_differs_from_success_has_a_reason() -> None:
    """
    One of those in the file, each of which is needed.
    """
    reasons = EXPECTED["reasons"]
    given = set[str]()
    for tool in ("scim-sanity", "scim2-tester"):
        for rows in EXPECTED[tool].values():
            for name, each in rows.items():
                if not isinstance(each, str) or each not in GOOD:
                    _, reason = each
                    assert reason in reasons, name
                    given.add(reason)
    assert given == set(reasons)


@pytest.mark.parametrize(
    ("expected", "found", "said"),
    [
        ({"a": "SUCCESS"}, {"a": "ERROR"}, "a: ERROR, expected SUCCESS"),
        ({"a": ["ERROR", "why"]}, {"a": "SUCCESS"}, "a: SUCCESS, expected ERROR"),
        ({"a": "SUCCESS"}, {}, "a: not made, expected SUCCESS"),
        ({}, {"a": "SUCCESS"}, "a: SUCCESS, expected nothing"),
    ],
)
def test_every_difference_is_told(expected: Mapping[str, str | list[str]], found: Results, said: str) -> None:
    """
    Worse, better, missing and new.
    """
    assert [said] == differences(expected, found)
