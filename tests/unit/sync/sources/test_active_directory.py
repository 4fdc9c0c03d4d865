"""
What only Active Directory does, tried on answers as it gives them: attributes in parts, and the DirSync control.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import ldap3
import pytest

from fakes.sources import changes_of, records_of, told
from webex_connector.expressions.values import Field
from webex_connector.policy.safety import Limits
from webex_connector.store.ledgers import LedgerTable
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.sources import ldap
from webex_connector.sync.sources.compared import following
from webex_connector.sync.sources.ldap import DIR_SYNC, LdapEntries, LdapSource, MarkedLdapSource
from webex_connector.sync.sources.ldap_server import Directory, LdapServer, escaped

MEMBERS = [f"cn=p{number}".encode() for number in range(3400)]
PART = 1500


def guid(number: int) -> UUID:
    """
    Return the GUID of a person.
    """
    return UUID(int=number)


@dataclass
class Controller:
    """
    A domain controller: people by number, with their names; and what it was asked.
    """

    people: dict[int, str] = field(default_factory=dict)
    changed: list[int] = field(default_factory=list)
    members: bool = False
    short: bool = False
    """
    It gives the first part of an attribute only.
    """
    asked: list[str] = field(default_factory=list)
    response: list[dict[str, Any]] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=lambda: {"result": 0, "description": "success"})

    @property
    def extend(self) -> Any:
        """
        The control's own method.
        """
        return SimpleNamespace(microsoft=SimpleNamespace(dir_sync=self.dir_sync))

    def search(self, base: str, text: str, scope: str = "", *_: Any, attributes: list[str], **_more: Any) -> bool:
        """
        Answer a search: for everybody, for those of some GUIDs, or for a part of somebody's members.
        """
        self.asked.append(text)
        if scope == ldap3.BASE:
            self.response = [] if self.short else [self._part(base, attributes[0])]
            return True
        wanted = [number for number in self.people if "objectGUID=" not in text or self._is_named(number, text)]
        self.response = [self._entry(number, attributes) for number in wanted]
        return True

    def dir_sync(self, *_: Any, attributes: list[str], cookie: bytes, **_more: Any) -> Any:
        """
        Say what changed of these attributes, which is always the name, in two answers; the cookie is how many changes
        there were.
        """
        news = self.changed[int(cookie or 0) :] if "cn" in attributes else []
        parts = [news[:1], news[1:]]
        walk = SimpleNamespace(more_results=True, cookie=str(len(self.changed)).encode())

        def loop() -> list[dict[str, Any]]:
            some = parts.pop(0)
            walk.more_results = bool(parts)
            return [self._entry(number, ["objectGUID"]) for number in some]

        walk.loop = loop
        return walk

    def _is_named(self, number: int, text: str) -> bool:
        return escaped(guid(number).bytes_le) in text

    def _entry(self, number: int, attributes: list[str]) -> dict[str, Any]:
        raw = {"objectGUID": [guid(number).bytes_le]}
        if "cn" in attributes:
            raw["cn"] = [self.people[number].encode()]
        if self.members and "member" in attributes:
            raw |= {"member": [], f"member;range=0-{PART - 1}": MEMBERS[:PART]}
        return {"type": "searchResEntry", "dn": f"cn={number}", "raw_attributes": raw}

    def _part(self, name: str, attribute: str) -> dict[str, Any]:
        start = int(attribute.partition("=")[2].partition("-")[0])
        end = "*" if start + PART >= len(MEMBERS) else str(start + PART - 1)
        raw = {f"member;range={start}-{end}": MEMBERS[start : start + PART]}
        return {"type": "searchResEntry", "dn": name, "raw_attributes": raw}


@pytest.fixture
def controller(monkeypatch: pytest.MonkeyPatch) -> Controller:
    """
    A domain controller in place of any directory.
    """
    found = Controller({1: "Anna", 2: "Bob", 3: "Cleo"})

    @contextmanager
    def directory(source: str, _server: LdapServer) -> Iterator[Directory]:
        yield Directory(source, found, ldap3)

    monkeypatch.setattr(ldap, "directory", directory)
    return found


ENTRIES = LdapEntries("dc=x", "objectGUID", ("cn",), many=frozenset({"member"}))
SERVER = LdapServer("ldaps://controller")


async def test_an_attribute_of_many_values_is_whole(controller: Controller) -> None:
    """
    It comes in parts, each of which is asked for; in the order in which they came.
    """
    controller.members = True
    source = LdapSource("hr", SERVER, ENTRIES, inline=True)
    for found in await records_of(source):
        assert found.values("member") == tuple(each.decode() for each in MEMBERS)
    assert source.shape.attributes is not None
    assert source.shape.attributes["member"] == Field(many=True)


async def test_an_attribute_that_stays_in_parts_is_a_failure(controller: Controller) -> None:
    """
    The first 1,500 members are not all of them.
    """
    controller.members = controller.short = True
    with pytest.raises(SourceFailed, match="did not give all of member of cn=1"):
        await records_of(LdapSource("hr", SERVER, ENTRIES, inline=True))


async def test_changes_are_found_by_the_control(controller: Controller, ledgers: LedgerTable) -> None:
    """
    Whoever it names is read, by GUID; who is gone is told by the keys.
    """
    source = MarkedLdapSource("hr", SERVER, ENTRIES, changed=DIR_SYNC, inline=True)
    follower = following(source, ledgers, Limits(shrinking=None))
    token = await follower.latest()
    assert await changes_of(follower, token) == []
    del controller.people[2]
    controller.people |= {1: "Anne", 4: "Dora"}
    controller.changed += [1, 4, 1]
    controller.asked.clear()
    found = await changes_of(follower, token)
    assert told(found) == [f"+{guid(1)}", f"+{guid(4)}", f"-{guid(2)}"]
    assert found[0].record is not None
    assert found[0].record.values("cn") == ("Anne",)
    assert sum("objectGUID=" in each for each in controller.asked) == 1
    assert await changes_of(follower, found[-1].token) == []
