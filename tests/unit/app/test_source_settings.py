"""
Sources in the sync file: what each kind takes, and everything that is wrong with it at once.
"""

from pathlib import Path

import pytest

from fakes.memory_schema import ACCOUNT_INFO, GROUP_INFO
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.sync_file import load
from webex_connector.app.sync_sections.around import Around
from webex_connector.app.sync_settings import SyncSettings
from webex_connector.expressions.compiling import Expressions
from webex_connector.icf.schema import Operation, Schema
from webex_connector.sync.sources.ldap import LdapSource, MarkedLdapSource
from webex_connector.sync.sources.scim import MarkedScimSource, ScimSource
from webex_connector.sync.sources.source import Incremental, Marking
from webex_connector.sync.sources.sql import MarkedSqlSource, SqlSource
from webex_connector.sync.sources.system import FollowedSystemSource, SystemSource

SCHEMAS = {"directory": Schema((ACCOUNT_INFO, GROUP_INFO), {ACCOUNT_INFO.name: frozenset({Operation.SYNC})})}

DIRECTORY = """
type = "ldap"
url = "ldaps://directory.example.com"
user = "cn=reader"
password = "env:SECRET"
base = "dc=example,dc=com"
key = "entryUUID"
attributes = ["mail"]
"""
OFFICE = """
type = "scim"
url = "https://office.example.com/scim/v2"
token = "env:SECRET"
"""
FETCHED = """
type = "scim"
url = "https://office.example.com/scim/v2"
token_endpoint = "https://office.example.com/token"
client_id = "us"
client_secret = "env:SECRET"
"""
DATABASE = """
type = "sql"
url = "sqlite:///hr.db"
query = "SELECT * FROM people"
key = "id"
"""
SYSTEM = """
type = "system"
system = "directory"
"""


async def read(folder: Path, text: str) -> SyncSettings:
    """
    Return what a file says that has one source, `hr`.
    """
    file = folder / "sync.toml"
    file.write_text(f"[sources.hr]{text}")
    expressions = Expressions(workers=1)
    try:
        return await load(file, {"SECRET": "a-secret"}, SCHEMAS, expressions, Around(inline=True))
    finally:
        await expressions.aclose()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (DIRECTORY, LdapSource),
        (f'{DIRECTORY}changed = "modifyTimestamp"', MarkedLdapSource),
        (OFFICE, ScimSource),
        (f'{OFFICE}changed = "meta.lastModified"', MarkedScimSource),
        (FETCHED, ScimSource),
        (DATABASE, SqlSource),
        (f'{DATABASE}changed = "day"', MarkedSqlSource),
        (f"""{SYSTEM}filter = 'displayName sw "A"'\nattributes = ["EMAILS"]""", FollowedSystemSource),
        (f"{SYSTEM}changes = false", SystemSource),
        (f'{SYSTEM}object_class = "__GROUP__"', SystemSource),
    ],
)
async def test_each_kind_is_opened(tmp_path: Path, text: str, kind: type) -> None:
    """
    Under its name; one that is followed by something of its own says so.
    """
    settings = (await read(tmp_path, f"\n{text}")).sources["hr"]
    source = settings.opened("hr")
    assert (type(source), source.name) == (kind, "hr")
    assert isinstance(source, Marking) == kind.__name__.startswith("Marked")
    assert isinstance(source, Incremental) == (kind is FollowedSystemSource)
    await source.aclose()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (
            'type = "ldap"\nurl = "directory"\nbase = "x"\nkey = "k"\nattributes = []\nuser = "x"\nfilter = "a=b"',
            ["url is like ldaps://", "password goes with a user", "filter begins with a bracket"],
        ),
        ('type = "ldap"\nfilters = "x"', ["filters is not a property", "url is required", "attributes is required"]),
        (DIRECTORY.replace("env:SECRET", "a-secret"), ["password is a secret and must not stand here"]),
        (
            'type = "scim"\nurl = "office"\ncount = 0\nclient_id = "us"',
            [
                "url is like https://",
                "token_endpoint goes with client_id",
                "client_secret goes with",
                "count must be 1",
            ],
        ),
        ('type = "scim"\nurl = "https://x"', ["token is required, or token_endpoint"]),
        (f'{OFFICE}client_id = "us"', ["token and client_id exclude each other"]),
        (f'{OFFICE}certificates = "none.pem"', ["certificates cannot be read: No such file"]),
        (f'{OFFICE}changed = "created"', ["changed must be one of meta.lastModified"]),
        (DATABASE.replace("sqlite:///hr.db", "postgresql://hr:word@x/hr"), ["url holds a password"]),
        (f"{DATABASE}many = {{ teams = 1 }}", ["many must have a text for each column"]),
        (SYSTEM.replace("directory", "nowhere"), ["system is no system; there are: directory"]),
        (f'{SYSTEM}object_class = "CATS"', ["object_class "]),
        (f"""{SYSTEM}filter = 'cat eq'\nattributes = ["cat"]""", ["filter ", "attributes has cat"]),
    ],
)
async def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path, text: str, wrong: list[str]) -> None:
    """
    With its name, and no secret in it.
    """
    with pytest.raises(SettingsMistakes) as problem:
        await read(tmp_path, f"\n{text}")
    told = str(problem.value)
    assert [each for each in wrong if f"sources.hr.{each}" not in told] == []
    assert "a-secret" not in told
    assert "word" not in told.replace("a password", "").replace("password", "")
