"""
The examples of docs/reconciliation.md, run in order; and what docs/audit.md has to name.
"""

import json
import re
from pathlib import Path
from typing import Any

from fakes.recon_house import recon_house
from fakes.virtual_time import VirtualClock
from webex_connector.app.alerting import endings, failed_runs, webhook
from webex_connector.app.audit import COLUMNS
from webex_connector.app.connectors import KINDS
from webex_connector.app.guard import STOPPED as GUARD_STOPPED
from webex_connector.app.plan_runs import DEAD, STOPPED
from webex_connector.app.settings_file import load

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reconciliation.md").read_text()
AUDIT = (DOCS / "audit.md").read_text()
EXAMPLE = re.compile(
    r"```http\n(?P<method>\w+) /openidm/(?P<address>[^\n]+)\n(?P<body>.*?)\n(?P<code>\d{3})\n(?P<answer>.*?)```",
    re.DOTALL,
)


def _fits(shown: Any, real: Any) -> bool:
    if shown == "…":
        return real is not None
    if isinstance(shown, dict) and isinstance(real, dict):
        return list(shown) == list(real) and all(_fits(value, real[key]) for key, value in shown.items())
    if isinstance(shown, list) and isinstance(real, list):
        return len(shown) == len(real) and all(map(_fits, shown, real))
    return bool(shown == real)


async def test_the_page_s_examples_run_as_shown(clock: VirtualClock, tmp_path: Path) -> None:
    """
    Each request has the code and the answer that the page prints, keys in that order; RECON is the one before.
    """
    examples = list(EXAMPLE.finditer(PAGE))
    assert len(examples) == PAGE.count("```http")
    async with recon_house(clock, tmp_path) as house:
        house.hire("1,anna@acme.example,Anna,Lee,Sales")
        recon = ""
        for example in examples:
            address = example["address"].replace("RECON", recon)
            code, answer = await house.ask(example["method"], address)
            assert int(example["code"]) == code, example.group()
            assert _fits(json.loads(example["answer"]), answer), (example.group(), answer)
            recon = answer.get("_id", recon)


def test_the_other_page_names_every_column_event_and_header() -> None:
    """
    Nothing that a reader has to know by name is missing.
    """
    events = (GUARD_STOPPED, STOPPED, DEAD, failed_runs.FAILED, endings.ENDS)
    for each in (*COLUMNS, *events, webhook.SIGNATURE, webhook.TIMESTAMP):
        assert f"`{each}`" in AUDIT


def test_the_other_page_s_settings_can_be_read(tmp_path: Path) -> None:
    """
    As they are printed.
    """
    file = tmp_path / "settings.toml"
    text = AUDIT.partition("```toml\n")[2].partition("```")[0]
    file.write_text(f'{text}\n[systems.webex.configuration]\nauthenticationMethod = "TOKEN"\nauthToken = "env:T"\n')
    named = {"T": "t", "ALERT_WEBHOOK": "https://hooks.example.com/x", "ALERT_SECRET": "s", "MAIL_PASSWORD": "p"}
    found = load(file, named, KINDS).alerts
    assert found.webhook is not None
    assert found.mail is not None
