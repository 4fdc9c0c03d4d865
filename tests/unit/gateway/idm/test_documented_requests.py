"""
The examples of docs/rest.md, run in order against one world.
"""

import json
import re
from pathlib import Path
from typing import Any

from fakes.idm_door import Rig
from fakes.memory_connector import person
from webex_connector.gateway.idm.errors import REASONS
from webex_connector.gateway.idm.parameters import KNOWN, REFUSED

PAGE = (Path(__file__).parents[4] / "docs" / "rest.md").read_text()
EXAMPLE = re.compile(
    r"```http\n(?P<method>\w+) (?P<address>[^\n]+)\n(?P<body>.*?)\n(?P<code>\d{3})\n(?P<answer>.*?)```", re.DOTALL
)


def _fits(shown: Any, real: Any) -> bool:
    """
    Whether an answer is as shown; `…` stands for anything.
    """
    if shown == "…":
        return real is not None
    if isinstance(shown, dict) and isinstance(real, dict):
        return list(shown) == list(real) and all(_fits(value, real[key]) for key, value in shown.items())
    return bool(shown == real)


async def test_the_page_s_examples_run_as_shown(rig: Rig) -> None:
    """
    Each request has the code and the answer that the page prints, keys in that order.
    """
    rig.people.clear()
    rig.people["BEN"] = person(1, emails=["ben@example.com"])
    examples = list(EXAMPLE.finditer(PAGE))
    assert len(examples) == PAGE.count("```http")
    for example in examples:
        body = json.loads(example["body"]) if example["body"].strip() else None
        answer = await rig.send(example["method"], example["address"], body)
        assert answer.status_code == int(example["code"]), example.group()
        assert _fits(json.loads(example["answer"]), answer.json()), (example.group(), answer.text)
    assert list(rig.people) == ["BEN"]


def test_the_page_names_every_code_and_parameter() -> None:
    """
    No code and no parameter of the door is missing on its page.
    """
    accepted_without_effect = {"_locale"}
    assert [code for code in REASONS if not re.search(rf"\b{code}\b", PAGE)] == []
    assert [name for name in {*KNOWN, *REFUSED} - accepted_without_effect if name not in PAGE] == []
