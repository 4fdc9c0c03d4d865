"""
The page about testing a system tells of every finding there is, and of nothing else.
"""

import re
from pathlib import Path

import pytest

from webex_connector.connector.control_hub.diagnosis import lasting, signs
from webex_connector.connector.control_hub.diagnosis.entrance import TELLING
from webex_connector.connector.control_hub.diagnosis.remedies import READS
from webex_connector.connector.control_hub.diagnosis.rights import RIGHTS
from webex_connector.connector.control_hub.diagnosis.subjects import Subject
from webex_connector.connector.scopes import ways_of
from webex_connector.icf.objects import Verdict
from webex_connector.webex.errors import Obstacle
from webex_connector.webex.expiry_watch import ACCESS_NOTICE, REFRESH_NOTICE

_PAGE = (Path(__file__).parents[2] / "docs" / "testing-a-system.md").read_text("utf-8")
_HEADINGS = re.findall(r"^## (.+)$", _PAGE, re.MULTILINE)
_SECTIONS = dict(zip(_HEADINGS, re.split(r"^## .+$", _PAGE, flags=re.MULTILINE)[1:], strict=True))


def test_each_finding_has_its_section_in_the_order_of_the_report() -> None:
    """
    Whoever adds something that is looked at says what it means and what to do.
    """
    assert [subject.value for subject in Subject] == _HEADINGS


@pytest.mark.parametrize("subject", READS)
def test_each_section_names_the_scope(subject: Subject) -> None:
    """
    As the remedy does.
    """
    assert all(f"`{scope}`" in _SECTIONS[subject.value] for way in ways_of(READS[subject]) for scope in way)


@pytest.mark.parametrize("subject", RIGHTS)
def test_each_change_names_its_scopes_and_roles(subject: Subject) -> None:
    """
    As the finding does.
    """
    section = " ".join(_SECTIONS[subject.value].split())
    assert all(f"`{scope}`" in section for scope in RIGHTS[subject].scopes)
    assert RIGHTS[subject].role_names in section


@pytest.mark.parametrize("obstacle", Obstacle)
def test_each_obstacle_has_its_line(obstacle: Obstacle) -> None:
    """
    With the words in which it is told.
    """
    assert TELLING[obstacle] in _SECTIONS["reach"]
    assert f"| {obstacle.value} |" in _SECTIONS["reach"].lower()


def test_the_verdicts_and_numbers_are_those_of_the_code() -> None:
    """
    A number that is changed is changed on the page too.
    """
    assert [verdict.value for verdict in Verdict] == re.findall(r"^\| (\w+) \| [✓!?]", _PAGE, re.MULTILINE)
    assert f"More than {lasting.TOLERABLE.seconds // 60} minute " in _SECTIONS["clock"]
    assert f"more than {lasting.MOST.seconds // 60} minutes" in _SECTIONS["clock"]
    assert f"refresh token that ends within {REFRESH_NOTICE.days} days" in _SECTIONS["token"]
    assert f"it ends within {ACCESS_NOTICE.days} days" in _SECTIONS["token"]
    assert f"one in {signs.ONE_IN} " in _SECTIONS["seats"]
    numbers = (f"first {signs.SAMPLE} people", f"\n{signs.LATEST} who", f"fewer than {signs.FEWEST} ")
    assert all(text in _SECTIONS["licence templates"] for text in numbers)
    assert all(name.split(" (")[0] in _SECTIONS["directory"] for name in signs.DIRECTORIES.values())
    assert f"of the {signs.SAMPLE} people" in _SECTIONS["directory"]
