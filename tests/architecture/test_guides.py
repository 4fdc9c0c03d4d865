"""
The guides to setting platforms up: each names what exists.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.declared import ANY, Section
from webex_connector.app.settings_file import sections
from webex_connector.cli.commands import COMMANDS
from webex_connector.gateway.oauth.door import TOKEN_PATH
from webex_connector.gateway.scim.dialects import Dialect, resources_of
from webex_connector.gateway.scim.mapping import Resource

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = sorted((DOCS / "guides").glob("*.md"))
PLATFORMS = {
    *("okta", "entra-gallery", "entra-non-gallery", "one-identity-manager", "sailpoint", "midpoint-scim", "pingone"),
}
REMOTE = {"midpoint", "syncope", "openidm-remote"}
"""
Platforms that use the connector server.
"""
ENDPOINTS = {"/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/scim/", TOKEN_PATH}


def wrong_in(text: str) -> list[str]:
    """
    Return in words what a guide names that does not exist: attributes, paths, settings, commands and pages.
    """
    dialect = Dialect.ONE_IDENTITY if 'dialect = "one_identity"' in text else Dialect.STANDARD
    resources = resources_of(dialect)
    endpoints = ENDPOINTS | {f"/{each.endpoint}" for each in resources}
    return [
        *(f"attribute {each}" for each in _attributes(text) if not _is_attribute(each, resources)),
        *(f"path {each}" for each in re.findall(r"`(/[A-Za-z]+)`", text) if each not in endpoints),
        *(f"address {each}" for each in re.findall(r"<server>(/[^`\"?<]+)", text) if each not in endpoints),
        *_wrong_settings(text),
        *_wrong_commands(text),
        *(f"page {each}" for each in re.findall(r"\]\(([^):#]+\.md)", text) if not (DOCS / "guides" / each).exists()),
    ]


def _attributes(text: str) -> Iterator[str]:
    column = None
    for line in text.splitlines():
        if not line.startswith("|"):
            column = None
            continue
        cells = [each.strip() for each in line.strip("|").split(" | ")]
        if column is None:
            column = next((at for at, each in enumerate(cells) if each == "SCIM"), -1)
        elif column >= 0 and len(cells) > column:
            yield from re.findall(r"`([^`]+)`", cells[column])


def _is_attribute(path: str, resources: tuple[Resource, ...]) -> bool:
    plain = re.sub(r"\[[^]]*\]", "", path)
    return any(each.find(plain) is not None for each in resources)


def _wrong_settings(text: str) -> Iterator[str]:
    declared = sections(KINDS)
    for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
        for path, table in _tables(tomllib.loads(block)):
            section = next((each for each in declared if _fits(each, path)), None)
            if section is None:
                yield f"table {'.'.join(path)}"
                continue
            properties = {each.name: each for each in section.properties}
            for name, value in table.items():
                known = properties.get(name)
                if known is None or (known.allowed and value not in known.allowed):
                    yield f"setting {'.'.join((*path, name))} = {value}"


def _tables(
    table: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    own = {name: each for name, each in table.items() if not isinstance(each, dict)}
    if own:
        yield path, own
    for name, each in table.items():
        if isinstance(each, dict):
            yield from _tables(each, (*path, name))


def _fits(section: Section, path: tuple[str, ...]) -> bool:
    return len(section.path) == len(path) and all(
        mine in {ANY, theirs} for mine, theirs in zip(section.path, path, strict=True)
    )


def _wrong_commands(text: str) -> Iterator[str]:
    known = {each.name for each in COMMANDS}
    for line in re.findall(r"^webex-connector (.*)$", text, re.MULTILINE):
        words = line.split()
        if words[0] not in known and " ".join(words[:2]) not in known:
            yield f"command {line}"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda each: each.stem)
def test_a_guide_names_what_exists(guide: Path) -> None:
    """
    Attributes of the SCIM door, its paths, settings, commands, and other pages.
    """
    assert [] == wrong_in(guide.read_text("utf-8"))


def test_every_platform_has_a_guide_that_is_found() -> None:
    """
    From the page of its door.
    """
    assert {each.stem for each in GUIDES} == PLATFORMS | REMOTE
    for page, platforms in (("scim.md", PLATFORMS), ("remote.md", REMOTE)):
        text = (DOCS / page).read_text("utf-8")
        assert [] == [each for each in platforms if f"guides/{each}.md" not in text]


def test_a_guide_says_how_the_connection_is_tried_and_what_cannot_be_done() -> None:
    """
    Nobody should have to guess whether a red button is to be expected.
    """
    for guide in GUIDES:
        text = guide.read_text("utf-8")
        address = "connector.example.com" if guide.stem in REMOTE else "https://<server>/scim/<system>/v2"
        assert address in text, guide
        assert re.search(r"\*\*Test|wizard", text), guide


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("| Okta | SCIM |\n| --- | --- |\n| x | `userNam` |\n", "attribute userNam"),
        ("see `/Userz`", "path /Userz"),
        ("`https://<server>/oauth/token`", "address /oauth/token"),
        ('```toml\n[systems.webex.scim]\ndialect = "oktta"\n```', "setting systems.webex.scim.dialect = oktta"),
        ("```toml\n[system.webex]\nx = 1\n```", "table system.webex"),
        ("```sh\nwebex-connector acess add okta\n```", "command acess add okta"),
        ("[there](nowhere.md)", "page nowhere.md"),
    ],
)
def test_the_checker_complains(planted: str, said: str) -> None:
    """
    Of each kind of thing that does not exist.
    """
    assert [said] == wrong_in(planted)
