"""
Whom alerts are told to, as the settings say it.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.settings import AlertSettings, MailSecurity, MailSettings
from webex_connector.app.settings_file import load
from webex_connector.base.secret import Secret

SYSTEM = """
[systems.webex.configuration]
authenticationMethod = "TOKEN"
authToken = "env:T"
"""

WHOLE = """
[alerts]
webhook = "env:HOOK"
webhook_secret = "env:SECRET"
quiet_minutes = 5
check_minutes = 1

[alerts.mail]
host = "mail.example.com"
user = "connector"
password = "env:PASSWORD"
from = "connector@example.com"
to = ["ops@example.com"]
"""
MAIL = '[alerts.mail]\nhost = "mail.example.com"\nfrom = "a@example.com"\nto = ["b@example.com"]\n'
ENVIRONMENT = {"T": "t", "HOOK": "https://hooks.example.com/x", "SECRET": "s", "PASSWORD": "p"}


def _alerts(folder: Path, text: str, environment: Mapping[str, str] = ENVIRONMENT) -> AlertSettings:
    file = folder / "settings.toml"
    file.write_text(text + SYSTEM)
    return load(file, environment, KINDS).alerts


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    """
    Secrets are looked up; the port goes by how the way is protected.
    """
    found = _alerts(tmp_path, WHOLE)
    to, security = ("ops@example.com",), MailSecurity.STARTTLS
    mail = MailSettings("mail.example.com", 587, security, "connector", Secret("p"), "connector@example.com", to)
    hook, minutes = Secret("https://hooks.example.com/x"), timedelta(minutes=1)
    assert AlertSettings(hook, Secret("s"), mail, timedelta(minutes=5), minutes) == found
    found = _alerts(tmp_path, f'{MAIL}security = "tls"\n')
    assert found.mail is not None
    assert 465 == found.mail.port


def test_nothing_said_is_the_log_alone(tmp_path: Path) -> None:
    """
    Nobody has to have a mail server.
    """
    assert AlertSettings() == _alerts(tmp_path, "")


@pytest.mark.parametrize(
    ("text", "field", "says"),
    [
        ('[alerts]\nwebhook = "http://hooks.example.com"\n', "alerts.webhook", "must begin with https://"),
        ('[alerts]\nwebhook = "env:NIX"\n', "alerts.webhook", "NIX"),
        ('[alerts]\nwebhook_secret = "env:SECRET"\n', "alerts.webhook_secret", "needs webhook too"),
        ("[alerts]\ncheck_minutes = -1\n", "alerts.check_minutes", "must be zero or more"),
        ("[alerts]\nquiet_minutes = 0\n", "alerts.quiet_minutes", "must be more than zero"),
        (f'{MAIL}security = "ssl"\n', "alerts.mail.security", "must be one of: starttls, tls, none"),
        (f'{MAIL}security = "none"\n', "alerts.mail.security", "on this computer"),
        (f'{MAIL}user = "u"\n', "alerts.mail.password", "go together"),
        (f'{MAIL}user = "ü"\npassword = "env:PASSWORD"\n', "alerts.mail.user", "must be ASCII"),
        (MAIL.replace("b@", "b "), "alerts.mail.to", "must be mail addresses"),
        (MAIL.replace("a@", "a"), "alerts.mail.from", "must be mail addresses"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, text: str, field: str, says: str) -> None:
    """
    With the setting and what to do.
    """
    with pytest.raises(SettingsMistakes) as found:
        _alerts(tmp_path, text)
    assert any(each.setting == field and says in each.problem for each in found.value.mistakes), found.value.mistakes
