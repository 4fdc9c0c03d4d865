"""
The examples of docs/scim.md, run in order against one organisation.
"""

import json
import re
from pathlib import Path
from typing import Any

from fakes.scim_door import scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.errors import ANSWERS, Kind

PAGE = (Path(__file__).parents[2] / "docs" / "scim.md").read_text()
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
    if isinstance(shown, list) and isinstance(real, list):
        return len(shown) == len(real) and all(map(_fits, shown, real))
    return bool(shown == real)


async def test_the_page_s_examples_run_as_shown(clock: Clock) -> None:
    """
    Each request has the code and the answer that the page prints, keys in that order.
    """
    examples = list(EXAMPLE.finditer(PAGE))
    assert len(examples) == PAGE.count("```http")
    async with scim_door(clock) as door:
        for example in examples:
            body = json.loads(example["body"]) if example["body"].strip() else None
            answer = await door.send(example["method"], example["address"], body)
            assert answer.status_code == int(example["code"]), example.group()
            assert _fits(json.loads(example["answer"]), answer.json()), (example.group(), answer.text)


def test_the_page_names_every_answer_to_an_error_of_the_model() -> None:
    """
    Each status, and each kind that goes with one.
    """
    statuses = {status for status, _ in ANSWERS.values()}
    kinds = {kind for _, kind in ANSWERS.values() if isinstance(kind, Kind)}
    assert {status for status in statuses if f"| {status} |" not in PAGE} == set()
    assert {kind for kind in kinds if f"`{kind.value}`" not in PAGE} == set()
