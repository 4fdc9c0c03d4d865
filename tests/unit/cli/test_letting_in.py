"""
`enable`, `disable`, `unlock` and `reset-password` against a simulated site and the organisation beside it.
"""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from webex_connector.app.practice import write_practice_file
from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.site import MeetingsSite
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]
WHO = "jdoe"


@pytest.fixture(scope="module")
def site(organisation: Any) -> MeetingsSite:
    """
    A site beside the organisation.
    """
    opened: MeetingsSite = organisation.sandbox.sites.open("acme", users=20)
    return opened


@pytest.fixture
def run(organisation: Any, site: MeetingsSite, sandbox: Sandbox, tmp_path: Path) -> Run:
    """
    Run commands with settings that lead to both.
    """
    file = tmp_path / "both.toml"
    write_practice_file(file, organisation.address, sandbox.credentials, [site.credentials])
    return lambda *words: main([*words, "--config", str(file)])


def _user(site: MeetingsSite) -> User:
    user = site.world.user(WHO)
    assert user is not None
    return user


def _typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_disabling_waits_for_a_yes_and_enabling_does_not(run: Run, site: MeetingsSite, capsys: Capture) -> None:
    """
    Somebody is named by address or by name; no warning of an organisation is given for a site.
    """
    email = _user(site).email

    assert Exit.OK == run("disable", email, "--system", "acme")
    assert "dry run" in capsys.readouterr().err
    assert _user(site).is_active
    assert Exit.OK == run("disable", email, "--yes", "--system", "acme")
    told = capsys.readouterr()
    assert "Disabled." in told.err
    assert "30 days" not in told.err
    assert "" == told.out
    assert not _user(site).is_active
    assert Exit.OK == run("enable", WHO, "--system", "acme")
    assert _user(site).is_active
    assert Exit.OK == run("disable", SAMPLE, "--system", "webex")
    assert "30 days" in capsys.readouterr().err


def test_unlocking(run: Run, site: MeetingsSite, capsys: Capture) -> None:
    """
    Whoever is locked out is let in again; who was not is told of; an organisation has no lock, which is an error.
    """
    site.world.put(replace(_user(site), locked=True))

    assert Exit.OK == run("unlock", WHO, "--system", "acme")
    assert not _user(site).locked
    assert Exit.OK == run("unlock", WHO, "--system", "acme")
    assert "nothing was changed" in capsys.readouterr().err
    assert Exit.REFUSED == run("unlock", SAMPLE, "--system", "webex")
    assert "cannot unlock anybody: it has no __LOCK_OUT__" in capsys.readouterr().err


def test_a_password_is_given(run: Run, site: MeetingsSite, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """
    It comes from standard input and is shown nowhere; one that the site refuses is refused with the rules.
    """
    _typed(monkeypatch, "Quite-S3cret\n")
    assert Exit.OK == run("reset-password", WHO, "--force-change", "--system", "acme")
    told = capsys.readouterr()
    assert "Quite-S3cret" not in told.out + told.err
    assert _user(site).has_password("Quite-S3cret")
    assert _user(site).must_change

    _typed(monkeypatch, "tiny\n")
    assert Exit.OK != run("reset-password", WHO, "--system", "acme")
    assert "at least 8 characters" in capsys.readouterr().err
    assert _user(site).has_password("Quite-S3cret")

    _typed(monkeypatch, "\n")
    assert Exit.USAGE == run("reset-password", WHO, "--system", "acme")
    assert "Nothing was given" in capsys.readouterr().err


def test_a_password_is_made_up_here_or_by_the_site(run: Run, site: MeetingsSite, capsys: Capture) -> None:
    """
    One made up here is the one line of the output, and none of a dry run; one made by the site goes by its mail.
    """
    assert Exit.OK == run("reset-password", WHO, "--generate", "--dry-run", "--system", "acme")
    assert "" == capsys.readouterr().out
    assert Exit.OK == run("reset-password", WHO, "--generate", "--system", "acme")
    assert _user(site).has_password(capsys.readouterr().out.rstrip("\n"))
    assert Exit.OK == run("reset-password", WHO, "--generate", "--json", "--system", "acme")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert any(_user(site).has_password(row["password"]) for row in rows if "password" in row)

    before = _user(site).digest
    assert Exit.OK == run("reset-password", WHO, "--mail", "--system", "acme")
    assert before != _user(site).digest
    assert _user(site).email in [each.to for each in site.world.mails]
    assert Exit.USAGE == run("reset-password", WHO, "--mail", "--generate", "--system", "acme")


def test_a_deletion_shows_who_stays(run: Run, site: MeetingsSite, capsys: Capture) -> None:
    """
    A site deactivates whom it is told to delete: the answer shows them so, in the site's words, and is no half success.
    """
    assert Exit.OK == run("delete", "account", WHO, "--yes", "--system", "acme")

    told = capsys.readouterr()
    assert "DEACTIVATED" in told.out
    assert "30 days" not in told.err
    assert "stay taken" in told.err
    assert "Deleted." in told.err
