"""
The ready mappings: every row of the tables that they come from.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from webex_connector.app import ready
from webex_connector.app.kinds.control_hub import KIND, schema
from webex_connector.app.sync_file import load
from webex_connector.app.sync_sections.around import Around
from webex_connector.connector.configuration import NO_CERTIFICATES
from webex_connector.expressions.compiling import Expressions
from webex_connector.icf import names
from webex_connector.icf.configuration import configured
from webex_connector.icf.errors import InvalidInput
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo, Schema
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.situation import Profile

pytestmark = pytest.mark.real_time

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

# From the reference page of the classic connector, "Mapping"; then from Okta's and One Identity's pages.
ROWS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ping-users-from-webex": (
        ("id", "_id"),
        ("email", "emails"),
        ("lastName", "sn"),
        ("firstName", "givenName"),
        ("displayName", "displayName"),
        ("extension", "extension"),
        ("locationId", "locationId"),
        ("avatar", "avatar"),
        ("title", "title"),
        ("orgId", "orgId"),
        ("department", "department"),
        ("roles", "roles"),
        ("licenses", "licenses"),
        ("addresses", "addresses"),
        ("siteUrls", "siteUrls"),
        ("phoneNumbers", "phoneNumbers"),
        ("manager", "manager"),
        ("managerId", "managerId"),
    ),
    "ping-users-to-webex": (
        ("_id", "id"),
        ("sn", "lastName"),
        ("givenName", "firstName"),
        ("displayName", "displayName"),
        ("emails", "emails"),
        ("roles", "roles"),
        ("licenses", "licenses"),
        ("addresses", "addresses"),
        ("siteUrls", "siteUrls"),
        ("phoneNumbers", "phoneNumbers"),
        ("department", "department"),
        ("extension", "extension"),
        ("avatar", "avatar"),
        ("locationId", "locationId"),
        ("manager", "manager"),
        ("managerId", "managerId"),
        ("title", "title"),
        ("orgId", "orgId"),
    ),
    "ping-groups-from-webex": (
        ("id", "_id"),
        ("displayName", "displayName"),
        ("orgId", "orgId"),
        ("members", "members"),
        ("description", "description"),
    ),
    "ping-groups-to-webex": (
        ("displayName", "displayName"),
        ("groupManagementType", "group_management_type"),
        ("groupExternalId", "group_external_id"),
        ("members", "members"),
    ),
    "okta-users": (
        ("userName", "emails"),
        ("displayName", "displayName"),
        ("name.familyName", "lastName"),
        ("name.givenName", "firstName"),
        ("externalId", "externalId"),
        ("title", "title"),
    ),
    "one-identity-users": (
        ("id", "id"),
        ("userName", "emails"),
        ("name.familyName", "lastName"),
        ("name.givenName", "firstName"),
        ("name.formatted", "firstName lastName"),
        ("displayName", "displayName"),
        ("nickName", "nickName"),
        ("emails.value", "emails"),
        ("timezone", "timezone"),
        ("active", names.ENABLE),
        ("userType", "type"),
        ("roles.value", "roles"),
        ("entitlements.value", "licenses"),
        ("photos.value", "avatar"),
        (f"{ENTERPRISE}:organization", "orgId"),
        (f"{ENTERPRISE}:status", "status"),
        ("meta.created", "created"),
        ("meta.lastModified", "lastModified"),
    ),
    "one-identity-groups": (
        ("id", "id"),
        ("displayName", "displayName"),
        ("members", "members"),
        ("meta.created", "created"),
    ),
}
IDENTITY = {("id", "_id"), ("_id", "id"), ("id", "id")}
"""
Rows that links stand for: each side gives its own identifier.
"""
READ_ONLY = {"nickName", "timezone", "type", "status", "created", "lastModified", "firstName lastName"}
"""
What Webex gives itself.
"""

WEBEX = schema(configured(KIND.properties, {}), NO_CERTIFICATES)
_TEXTS = ("sn", "givenName", "displayName", "emails", "orgId", "extension", "locationId", "avatar", "title")
_MORE = ("department", "roles", "licenses", "siteUrls", "manager", "managerId", "description")
_MAPS = ("addresses", "phoneNumbers", "members")
DIRECTORY = Schema(
    tuple(
        ObjectClassInfo(
            name,
            "A directory's.",
            (
                *(AttributeInfo(each, "", many=True) for each in (*_TEXTS, *_MORE)),
                *(AttributeInfo(each, "", AttributeType.MAP, many=True) for each in _MAPS),
            ),
            "displayName",
        )
        for name in (names.ACCOUNT, names.GROUP)
    ),
    {},
)


def _with_source(text: str) -> str:
    source = text.partition('source = "')[2].partition('"')[0]
    given = f'[sources.{source}]\ntype = "json_lines"\npath = "x.jsonl"\nkey = "_id"'
    if 'target = "directory/' in text:
        # From Webex itself, by the source that the text proposes.
        given = "\n".join(line[4:] for line in text.splitlines() if line.startswith("#   "))
    return f"{given}\n{text}\n"


async def mapping(name: str, folder: Path) -> SyncMapping:
    """
    Return a ready mapping as the sync file reads it.
    """
    text = _with_source(ready.text_of(name))
    if "through" in text:
        # Whom members lead to, the mapping of people says.
        text += _with_source(ready.text_of(name.replace("groups", "users")))
    file = folder / "sync.toml"
    file.write_text(text)
    expressions = Expressions(workers=1)
    try:
        found = await load(file, {}, {"webex": WEBEX, "directory": DIRECTORY}, expressions, Around(inline=True))
    finally:
        await expressions.aclose()
    return next(iter(found.mappings.values()))


def test_every_ready_mapping_has_its_table() -> None:
    """
    None is shipped that is held against nothing.
    """
    assert ready.names() == sorted(ROWS)
    assert all(ready.about(each).endswith(".") for each in ready.names())


@pytest.mark.parametrize("name", ROWS)
async def test_every_row_of_the_table_is_in_the_mapping(name: str, tmp_path: Path) -> None:
    """
    And nothing else is. Identifiers are links, and what only Webex can give is said to be its own.
    """
    found = await mapping(name, tmp_path)
    given = {
        each.target: (each.source, "" if each.expression is None else each.expression.text) for each in found.properties
    }
    wanted = [(source, target) for source, target in ROWS[name] if (source, target) not in IDENTITY]
    for source, target in wanted:
        if target in READ_ONLY:
            assert source.rpartition(".")[2].rpartition(":")[2] in ready.text_of(name)
            assert target not in given
            continue
        plain, expression = given[target]
        # The table calls the one address of a person `email`; here it is among `emails`.
        named = "emails" if source == "email" else source
        assert plain == named or f'source.get("{named}")' in expression
    assert set(given) == {target for _, target in wanted} - READ_ONLY


@pytest.mark.parametrize("name", ROWS)
async def test_a_ready_mapping_hurts_nobody(name: str, tmp_path: Path) -> None:
    """
    It finds who is there already, and leavers are told only.
    """
    found = await mapping(name, tmp_path)
    assert (found.profile, found.policies, dict(found.actions)) == (Profile.SAFE, (), {})
    assert found.correlation


async def test_members_are_people_whom_the_mapping_of_people_has_linked(tmp_path: Path) -> None:
    """
    In both directions, each through the one that goes the same way.
    """
    for direction in ("from", "to"):
        found = await mapping(f"ping-groups-{direction}-webex", tmp_path)
        assert [f"users_{direction}_webex"] == [each.through for each in found.properties if each.target == "members"]


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    """
    So that one can be chosen.
    """
    with pytest.raises(InvalidInput, match=r"no ready mapping okta; there are: okta-users, one-identity"):
        ready.text_of("okta")
