"""
Directories as sources, tried on an OpenLDAP server: everybody, or a failure.
"""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ldap3 import MODIFY_REPLACE

from fakes.slapd import ADMIN, PEOPLE, READER, SECRET, SUFFIX, Slapd, is_installed, running_slapd
from fakes.sources import changes_of, records_of, told
from webex_connector.base.secret import Secret
from webex_connector.expressions.values import Field
from webex_connector.policy.safety import Limits
from webex_connector.store.ledgers import LedgerTable
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.sources.compared import following
from webex_connector.sync.sources.ldap import LdapEntries, LdapSource, MarkedLdapSource
from webex_connector.sync.sources.ldap_server import LdapServer


@pytest.fixture(scope="module")
def running() -> Iterator[Slapd]:
    """
    A server; without one the tests are skipped, but never on a build server.
    """
    if not is_installed():
        reason = "no OpenLDAP server is installed (Debian: apt-get install slapd)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running_slapd() as server:
        yield server


@pytest.fixture
def slapd(running: Slapd) -> Slapd:
    """
    The server, without anybody.
    """
    running.clear()
    return running


def server(slapd: Slapd, **more: Any) -> LdapServer:
    """
    Return how the server is reached.
    """
    given = {"user": ADMIN, "password": Secret(SECRET), "certificates": slapd.certificates, **more}
    return LdapServer(**{"url": slapd.secure, **given})


def entries(**more: Any) -> LdapEntries:
    """
    Return which entries are records.
    """
    return LdapEntries(**{"base": PEOPLE, "key": "uid", "attributes": ("cn", "MAIL"), **more})


def source(slapd: Slapd, changed: str | None = None, **more: Any) -> LdapSource:
    """
    Return the source; with `changed` one that has marks.
    """
    if changed is not None:
        return MarkedLdapSource("hr", server(slapd), entries(**more), changed=changed, inline=True)
    return LdapSource("hr", server(slapd), entries(**more), inline=True)


async def test_entries_are_records(slapd: Slapd) -> None:
    """
    With the attributes that were asked for, by the names that the settings gave them, and their distinguished names.
    """
    slapd.hire("anna", mail=["a@x", "anna@x"], title="Chief")
    slapd.hire("zo\u00eb")
    found = {each.key: each for each in await records_of(source(slapd, many=frozenset({"MAIL"})))}
    assert dict(found["anna"].attributes) == {"uid": ("anna",), "cn": ("anna",), "MAIL": ("a@x", "anna@x")}
    assert found["anna"].place == f"uid=anna,{PEOPLE}"
    assert found["zo\u00eb"].values("cn") == ("zo\u00eb",)


async def test_the_directory_s_own_identifier_can_be_the_key(slapd: Slapd) -> None:
    """
    It is not among the usual attributes, and comes since it is asked for.
    """
    slapd.hire("anna")
    (found,) = await records_of(source(slapd, key="entryUUID"))
    assert found.values("entryUUID") == (found.key,)
    assert len(found.key) == 36


@pytest.mark.parametrize(
    ("url", "more"), [("secure", {}), ("plain", {}), ("plain", {"start_tls": False, "certificates": None})]
)
async def test_the_usual_ways_lead_to_the_server(slapd: Slapd, url: str, more: dict[str, Any]) -> None:
    """
    TLS from the beginning, asked for, or, if somebody wants that, none.
    """
    slapd.hire("anna")
    there = server(slapd, url=getattr(slapd, url), **more)
    assert len(await records_of(LdapSource("hr", there, entries(), inline=True))) == 1


@pytest.mark.parametrize("url", ["secure", "plain"])
async def test_a_server_whom_nobody_vouches_for_is_not_asked(slapd: Slapd, url: str) -> None:
    """
    Its certificate is always checked, and so is its name.
    """
    strange = server(slapd, url=getattr(slapd, url), certificates=None)
    with pytest.raises(SourceFailed, match=r"(?i)certificate"):
        await records_of(LdapSource("hr", strange, entries(), inline=True))
    other = server(slapd, url=getattr(slapd, url).replace("localhost", "127.0.0.1"))
    with pytest.raises(SourceFailed, match=r"(?i)certificate|match"):
        await records_of(LdapSource("hr", other, entries(), inline=True))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"password": Secret("wrong")}, "does not let us in: invalidCredentials"),
        ({"url": "ldaps://localhost:1"}, "was not reached"),
    ],
)
async def test_a_server_that_does_not_let_us_in_is_a_failure(slapd: Slapd, more: dict[str, Any], words: str) -> None:
    """
    In the words of LDAP.
    """
    with pytest.raises(SourceFailed, match=words):
        await records_of(LdapSource("hr", server(slapd, **more), entries(), inline=True))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"base": f"ou=nowhere,{SUFFIX}"}, "it says: noSuchObject"),
        ({"filter": "(objectClass=person"}, "cannot be read"),
        ({"key": "employeeNumber"}, "has 0 values of employeeNumber, which is the key"),
    ],
)
async def test_what_is_wrong_is_told(slapd: Slapd, more: dict[str, Any], words: str) -> None:
    """
    Nothing comes then.
    """
    slapd.hire("anna")
    with pytest.raises(SourceFailed, match=words):
        await records_of(source(slapd, **more))


async def test_every_page_is_read(slapd: Slapd) -> None:
    """
    More than fit into a page, each once.
    """
    slapd.hire(*(f"p{number}" for number in range(1100)))
    found = await records_of(source(slapd))
    assert len(found) == len({each.key for each in found}) == 1100


async def test_a_limit_of_the_server_is_a_failure(slapd: Slapd) -> None:
    """
    The entries up to the limit are not everybody.
    """
    slapd.hire(*(f"p{number}" for number in range(20)))
    limited = server(slapd, user=READER)
    with pytest.raises(SourceFailed, match=r"it says: .*[lL]imit"):
        await records_of(LdapSource("hr", limited, entries(), inline=True))


async def test_a_part_that_is_elsewhere_is_a_failure(slapd: Slapd) -> None:
    """
    Unless the settings say that it does not matter.
    """
    slapd.hire("anna")
    with slapd.administrator() as link:
        classes = ["referral", "extensibleObject"]
        link.add(f"ou=berlin,{PEOPLE}", classes, {"ref": f"ldap://elsewhere/ou=berlin,{PEOPLE}"})
    try:
        with pytest.raises(SourceFailed, match="a part of it is elsewhere, ldap://elsewhere/ou=berlin"):
            await records_of(source(slapd))
        assert len(await records_of(source(slapd, ignore_referrals=True))) == 1
    finally:
        with slapd.administrator() as link:
            link.delete(f"ou=berlin,{PEOPLE}", controls=[("2.16.840.1.113730.3.4.2", True, None)])


@contextmanager
def cut(slapd: Slapd, after: int) -> Iterator[str]:
    """
    Stand between us and the server, and close after so many bytes of its answers. Yield the address.
    """
    with socket.create_server(("localhost", 0)) as door:

        def carry() -> None:
            near, _ = door.accept()
            far = socket.create_connection(("localhost", int(slapd.plain.rpartition(":")[2])))
            with near, far:
                threading.Thread(target=_pass, args=(near, far, None), daemon=True).start()
                _pass(far, near, after)
                near.shutdown(socket.SHUT_RDWR)

        worker = threading.Thread(target=carry)
        worker.start()
        yield f"ldap://localhost:{door.getsockname()[1]}"
        worker.join()


def _pass(giver: socket.socket, taker: socket.socket, left: int | None) -> None:
    try:
        while (left is None or left > 0) and (some := giver.recv(4096 if left is None else min(left, 4096))):
            taker.sendall(some)
            left = None if left is None else left - len(some)
    except OSError:
        return


async def test_a_server_that_ends_in_mid_page_is_a_failure(slapd: Slapd) -> None:
    """
    What came so far is not everybody.
    """
    slapd.hire(*(f"p{number}" for number in range(100)))
    with cut(slapd, 5000) as url:
        broken = LdapSource("hr", server(slapd, url=url, start_tls=False), entries(), inline=True)
        with pytest.raises(SourceFailed, match="did not answer to the end"):
            await records_of(broken)


def change(slapd: Slapd, uid: str, **attributes: str) -> None:
    """
    Replace attributes of somebody.
    """
    with slapd.administrator() as link:
        changes = {name: [(MODIFY_REPLACE, [value])] for name, value in attributes.items()}
        link.modify(f"uid={uid},{PEOPLE}", changes)


async def test_changes_are_told(slapd: Slapd, ledgers: LedgerTable) -> None:
    """
    By the time of the last change, which the directory keeps; who is gone is told by the keys.
    """
    slapd.hire("anna", "bob", "cleo")
    follower = following(source(slapd, "modifyTimestamp"), ledgers, Limits(shrinking=None))
    token = await follower.latest()
    assert await changes_of(follower, token) == []
    change(slapd, "anna", mail="a@x")
    slapd.hire("dora")
    with slapd.administrator() as link:
        link.delete(f"uid=bob,{PEOPLE}")
    found = await changes_of(follower, token)
    assert told(found) == ["+anna", "+dora", "-bob"]
    assert found[0].record is not None
    assert dict(found[0].record.attributes) == {"uid": ("anna",), "cn": ("anna",), "MAIL": ("a@x",)}
    assert await changes_of(follower, found[-1].token) == []


async def test_another_way_of_telling_what_is_newer_begins_anew(slapd: Slapd, ledgers: LedgerTable) -> None:
    """
    The mark of one attribute says nothing about another one.
    """
    slapd.hire("anna")
    token = await following(source(slapd, "modifyTimestamp"), ledgers, Limits()).latest()
    other = following(source(slapd, "createTimestamp"), ledgers, Limits())
    with pytest.raises(SourceFailed, match="found by modifyTimestamp before, and now it would be by createTimestamp"):
        await changes_of(other, token)


async def test_an_attribute_that_does_not_grow_cannot_be_followed(slapd: Slapd, ledgers: LedgerTable) -> None:
    """
    A name has no place in time, and one that is not there has none either.
    """
    slapd.hire("anna", "bob")
    for changed in ("cn", "description"):
        with pytest.raises(SourceFailed, match=f"has no {changed} by which it could be told what is newer"):
            await following(source(slapd, changed), ledgers, Limits()).latest()


@pytest.mark.real_time
async def test_a_directory_is_read_beside_the_loop(slapd: Slapd) -> None:
    """
    In a thread of its own the same records come.
    """
    slapd.hire("anna")
    assert [each.key for each in await records_of(LdapSource("hr", server(slapd), entries()))] == ["anna"]


async def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Everything else works without it.
    """
    monkeypatch.setitem(sys.modules, "ldap3", None)
    with pytest.raises(SourceFailed, match=r"pip install 'webex-connector\[ldap\]'"):
        await records_of(LdapSource("hr", LdapServer("ldaps://localhost"), entries(), inline=True))


def test_what_is_asked_for_is_the_shape() -> None:
    """
    Expressions are checked against it.
    """
    shape = LdapSource("hr", LdapServer("ldaps://x"), entries(many=frozenset({"memberOf"}))).shape
    assert shape.attributes == {"uid": Field(), "cn": Field(), "MAIL": Field(), "memberOf": Field(many=True)}
