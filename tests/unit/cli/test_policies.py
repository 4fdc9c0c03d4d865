"""
Provisioning policies of the settings, on the command line.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.cli.exits import Exit
from webex_connector.sandbox import catalogue
from webex_connector.sandbox.sandbox import Sandbox

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]

NEW = "new.one@acme.example"
WORDS = ("create", "account", "--set", f"emails={NEW}", "--set", "displayName=New One", "--set", "department=Sales")
POLICY = """
[systems.webex.policies.sales]
when = 'source["department"].lower() == "sales"'
licenses = ["Advanced Messaging", "Real-Time Translations"]
"""


@pytest.fixture(autouse=True)
def with_a_policy(config: Path) -> None:
    """
    Have a policy in the settings.
    """
    config.write_text(config.read_text("utf-8") + POLICY, "utf-8")


def test_create_gives_by_rule_and_says_what_not(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    The person has the licence that there is; the other one is named, and the exit code tells of it.
    """
    assert Exit.PARTIAL == run(*WORDS)

    person = sandbox.world.person_at(NEW)
    assert person is not None
    assert catalogue.MESSAGING in person.licenses
    assert "policy sales gives Real-Time Translations: Webex did not assign the licence" in capsys.readouterr().err


def test_a_dry_create_shows_what_would_be_given(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    Nobody is made; the licences are named, and the one without units is told already.
    """
    run(*WORDS, "--dry-run", "--json")

    out, err = capsys.readouterr()
    assert 0 == sandbox.world.writes
    assert "give licenses Advanced Messaging (policy sales)" in json.loads(out)["withheld"]
    assert "policy sales gives Real-Time Translations: no unit of it is left" in err


def test_the_test_names_what_policies_cannot_give(run: Run, capsys: Capture) -> None:
    """
    It stands among the findings, as a warning.
    """
    assert Exit.OK == run("test")

    assert "policy sales: Real-Time Translations" in capsys.readouterr().out


def test_a_mistake_in_a_policy_stops_the_command(run: Run, config: Path, sandbox: Sandbox, capsys: Capture) -> None:
    """
    With the place in the file; nothing is written.
    """
    text = config.read_text("utf-8").replace('["department"]', '["departmnt"]')
    config.write_text(text, "utf-8")
    line = 1 + text.splitlines().index("""when = 'source["departmnt"].lower() == "sales"'""")

    assert Exit.OK != run(*WORDS)

    assert 0 == sandbox.world.writes
    told = (
        f"{config}:{line}: policies.sales.when, column 8: source has no attribute departmnt; did you mean department?"
    )
    assert told in capsys.readouterr().err
