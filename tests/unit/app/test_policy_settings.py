"""
Provisioning policies and look-up tables in the settings file.
"""

from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.settings import Settings
from webex_connector.app.settings_file import load
from webex_connector.expressions.values import Expression
from webex_connector.policy.provisioning import Beside, Otherwise, Policy

SYSTEM = """[systems.webex.configuration]
authenticationMethod = "TOKEN"
authToken = "env:TOKEN"
"""


def _load(folder: Path, text: str) -> Settings:
    file = folder / "settings.toml"
    file.write_text(SYSTEM + text, "utf-8")
    return load(file, {"TOKEN": "t"}, KINDS)


def test_a_policy_has_what_its_table_says(tmp_path: Path) -> None:
    """
    Every setting of it, with the places of its expressions; another one with what is usual.
    """
    text = """[systems.webex.policies.desk]
when = 'source["title"] == "Agent"'
licenses = ["Webex Calling"]
roles = ["Support"]
groups = ["Desk"]
teams = ["Deals"]
location = "Berlin"
extension = 'source["employee"]'
given = "leave"
follow = true
otherwise = "disable_then_delete"
delete_after = 7
[systems.webex.policies.all]
phone = '"+49301234567"'
[systems.webex.templates]
licenses = ["Basic Messaging"]
"""
    system = _load(tmp_path, text).systems["webex"]

    file = tmp_path / "settings.toml"
    desk = Policy(
        "desk",
        Expression('source["title"] == "Agent"', f"{file}:5"),
        ("Webex Calling",),
        ("Support",),
        ("Desk",),
        ("Deals",),
        "Berlin",
        Expression('source["employee"]', f"{file}:11"),
        None,
        Beside.LEAVE,
        follow=True,
        otherwise=Otherwise.DISABLE_THEN_DELETE,
        delete_after=7,
    )
    assert (desk, Policy("all", phone=Expression('"+49301234567"', f"{file}:17"))) == system.policies
    assert ("Basic Messaging",) == system.templates


def test_a_system_without_policies_has_none(tmp_path: Path) -> None:
    """
    Nothing is given by rule unless somebody says so.
    """
    system = _load(tmp_path, "").systems["webex"]

    assert ((), ()) == (system.policies, system.templates)


def test_tables_stand_in_the_file_or_beside_it(tmp_path: Path) -> None:
    """
    A CSV file may have any columns, and a byte order mark.
    """
    (tmp_path / "sites.csv").write_text("city;,code,name\nx,BER,Berlin\ny,MUC,\n", "utf-8-sig")
    text = """[tables.floors]
values = { BER = 3, PAR = "ground" }
[tables.sites]
file = "sites.csv"
key = "code"
value = "name"
"""

    assert {"floors": {"BER": 3, "PAR": "ground"}, "sites": {"BER": "Berlin", "MUC": ""}} == _load(
        tmp_path, text
    ).tables


MISTAKES = [
    ("[systems.webex.policies.p]\nwhen = 'True'", "systems.webex.policies.p gives nothing"),
    ("[systems.webex.policies.p]\nlicences = ['x']", "policies.p.licences is not a property; did you mean licenses?"),
    ("[systems.webex.policies.p]\nlicenses = 'x'", "policies.p.licenses must be a list of texts"),
    ("[systems.webex.policies.p]\nroles = ['x']\notherwise = 'kill'", "policies.p.otherwise must be one of report"),
    ("[systems.webex.policies.p]\nroles = ['x']\ndelete_after = -1", "policies.p.delete_after must be zero or more"),
    ("[systems.webex.policies.p]\nlocation = 'x'", "policies.p.location needs an extension too"),
    (
        "[systems.webex.policies.p]\nlocation = 'x'\nextension = '1'\nphone = '2'",
        "policies.p.phone excludes location",
    ),
    ("[systems.webex.policies]\nwhen = 'True'", "systems.webex.policies.when must be a table"),
    ("[systems.webex.templates]\nlicense = ['x']", "templates.license is not a property; did you mean licenses?"),
    ("[tables.t]", "tables.t needs values or a file, one of them"),
    ("[tables.t]\nvalues = { a = 1 }\nfile = 'x.csv'", "tables.t needs values or a file, one of them"),
    ("[tables.t]\nvalues = { a = [1] }", "tables.t.values has for a neither a text nor a number"),
    ("[tables.t]\nfile = 'none.csv'", "tables.t.file cannot be read"),
    ("[tables.t]\nfile = 'twice.csv'", "tables.t.file has the key a twice, the second time on line 3"),
    ("[tables.t]\nfile = 'twice.csv'\nvalue = 'other'", "tables.t.file has no column other; there are: key, value"),
    ("[tables.t]\nfile = 'latin.csv'", "tables.t.file is no CSV file in UTF-8"),
]


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """
    With the file and a line of the table.
    """
    (tmp_path / "twice.csv").write_text("key,value\na,1\na,2\n", "utf-8")
    (tmp_path / "latin.csv").write_bytes("key,value\nä,1\n".encode("latin-1"))

    with pytest.raises(SettingsMistakes) as found:
        _load(tmp_path, text)

    assert told in str(found.value)
    assert f"{tmp_path / 'settings.toml'}:" in str(found.value)
