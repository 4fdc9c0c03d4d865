"""
Issuers, and the clients that they speak for, in the settings file.
"""

from pathlib import Path

import pytest

from fakes.issuer import SigningIssuer
from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.settings import Settings
from webex_connector.app.settings_file import load
from webex_connector.gateway.rights import Client, Right, Role, Trusted
from webex_connector.gateway.trust import Issuer
from webex_connector.icf import names

TENANT = '[issuers.tenant]\nissuer = "https://login.example.com/t/v2.0"\naudience = ["api://wx"]\n'
KEYS = 'keys = "https://login.example.com/keys"\n'


def _loaded(folder: Path, text: str) -> Settings:
    file = folder / "settings.toml"
    file.write_text(text, "utf-8")
    return load(file, {"P": "a password"}, KINDS)


def test_an_issuer_and_its_client(tmp_path: Path) -> None:
    """
    An address stays one; a client needs nothing to show when assertions speak for it.
    """
    client = (
        '[clients.entra]\nissuer = "tenant"\nsubject = "8f3c"\nwithout = ["delete"]\nobjects = ["users", "groups"]\n'
    )
    found = _loaded(tmp_path, f"{TENANT}{KEYS}at_doors = true\n{client}")
    where = "https://login.example.com/keys"
    assert (Issuer("tenant", "https://login.example.com/t/v2.0", frozenset({"api://wx"}), where, at_doors=True),) == (
        found.issuers
    )
    assert (
        Client(
            "entra",
            without=frozenset({Right.DELETE}),
            objects=frozenset({names.ACCOUNT, names.GROUP}),
            trusted=Trusted("tenant", "8f3c"),
        ),
    ) == found.clients


def test_keys_may_stand_in_a_file(tmp_path: Path) -> None:
    """
    Beside the settings; the table's name is the issuer then, as for a client that signs by itself.
    """
    (tmp_path / "robot.json").write_bytes(SigningIssuer().key_set())
    (issuer,) = _loaded(tmp_path, '[issuers.robot]\nkeys = "robot.json"\naudience = ["wx"]\n').issuers
    assert ("robot", 1) == (issuer.issuer, len(issuer.keys))


def test_platforms_may_be_limited_too(tmp_path: Path) -> None:
    """
    As clients are, in the table of the connector server.
    """
    limits = 'role = "provisioner"\nwithout = ["disable"]\nobjects = ["users"]\n'
    remote = _loaded(tmp_path, f'[remote]\nkey = "env:P"\ntls = false\n{limits}').remote
    assert remote is not None
    assert (
        Client("remote", role=Role.PROVISIONER, without=frozenset({Right.DISABLE}), objects=frozenset({names.ACCOUNT}))
        == remote.client
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TENANT, "issuers.tenant.keys is required"),
        (f"[issuers.a]\n{KEYS}", "issuers.a.audience is required"),
        (f"[issuers.a]\n{KEYS}audience = []\n", "issuers.a.audience must name something"),
        (f'{TENANT}keys = "http://login.example.com/keys"\n', "issuers.tenant.keys must be an https address"),
        (f'{TENANT}keys = "none.json"\n', "issuers.tenant.keys cannot be read: .*none.json: No such file"),
        (f'{TENANT}keys = "settings.toml"\n', "issuers.tenant.keys cannot be used: .*is no JSON Web Key Set"),
        (
            f"{TENANT}{KEYS}{TENANT.replace('issuers.tenant', 'issuers.other')}{KEYS}",
            "issuers.other.issuer is https://login.example.com/t/v2.0, as that of tenant; an issuer has one table",
        ),
        ('[clients.a]\nissuer = "tenant"\n', "clients.a.subject is required too: issuer and subject go together"),
        ('[clients.a]\npassword = "env:P"\nsubject = "x"\n', "clients.a.issuer is required too"),
        ('[clients.a]\nissuer = "t"\nsubject = "x"\n', "clients.a.issuer names the unknown issuer t; there is none"),
        ('[clients.a]\npassword = "env:P"\nwithout = ["fly"]\n', "clients.a.without There is no right fly"),
        ('[clients.a]\npassword = "env:P"\nobjects = ["cars"]\n', "clients.a.objects There are no objects cars"),
        (
            '[remote]\nkey = "env:P"\ntls = false\nobjects = ["users"]\n',
            "remote.objects Objects limit nobody who may configure systems",
        ),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, text: str, why: str) -> None:
    """
    With its place in the file.
    """
    with pytest.raises(SettingsMistakes, match=why):
        _loaded(tmp_path, text)
