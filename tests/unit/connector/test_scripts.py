"""
Scripts on the connector, against the simulated organisation: what is in it afterwards, and what their writers read.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_subjects import person_id
from webex_connector.base.clock import SystemClock
from webex_connector.connector.scripts import STUBS
from webex_connector.icf.errors import GuardRefused, ScriptFailed, UnsupportedOperation
from webex_connector.icf.ports import Destruction
from webex_connector.sandbox.scenarios import SAMPLE

pytestmark = pytest.mark.real_time


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """
    A system of a small organisation, in real time.
    """
    async with running_hub(SystemClock(), people=6) as hub:
        yield hub


async def _run(hub: Hub, text: str, **arguments: object) -> Any:
    return await hub.facade.run_script("python", text, arguments, OPTIONS)


async def test_a_script_reads(hub: Hub) -> None:
    """
    Objects are plain values with `__UID__` and `__NAME__`; many values are a list, one is itself.
    """
    uid = person_id(hub, SAMPLE)
    text = """
found = connector.search("__ACCOUNT__", {"emails": arguments["email"]}, attributes=["emails", "lastName"])
same = connector.get("__ACCOUNT__", found[0]["__UID__"])
[found, same["lastName"], connector.name]
"""
    found, last_name, system = await _run(hub, text, email=SAMPLE)

    assert [{"__UID__": uid, "__NAME__": SAMPLE, "emails": [SAMPLE], "lastName": last_name}] == found
    assert "webex" == system


async def test_a_script_writes(hub: Hub) -> None:
    """
    What it makes, changes and removes is so in the organisation, and in the journal by the caller's name.
    """
    text = """
made = connector.create("__GROUP__", {"displayName": "Scripted"})
member = {"id": arguments["uid"]}
connector.update("__GROUP__", made["__UID__"], replace={"displayName": "By script"}, add={"members": member})
other = connector.create("__GROUP__", {"displayName": "Gone"})
connector.delete("__GROUP__", other["__UID__"])
made["__UID__"]
"""
    await _run(hub, text, uid=person_id(hub, SAMPLE))
    groups = {each.display_name: len(each.members) for each in hub.sandbox.world.groups.values()}

    assert 1 == groups["By script"]
    assert not {"Scripted", "Gone"} & groups.keys()
    assert {"tester"} == {entry.intent.actor.name for entry in hub.journal.entries}


async def test_a_script_sees_no_secret(hub: Hub) -> None:
    """
    Of the configuration it sees what is no secret.
    """
    seen = await _run(hub, "connector.configuration")

    assert {"serviceUri", "clientId", "road"} <= seen.keys()
    assert not {"clientSecret", "refreshToken", "accessToken", "password"} & seen.keys()


async def test_a_dry_run_of_a_script_writes_nothing(hub: Hub) -> None:
    """
    The script goes on with what would have been sent.
    """
    before = len(hub.sandbox.world.groups)
    text = "connector.create('__GROUP__', {'displayName': 'Dry'})"
    result = await hub.facade.run_script("python", text, {}, replace(OPTIONS, dry_run=True))

    assert isinstance(result, dict)
    assert result["_withheld"]
    assert before == len(hub.sandbox.world.groups)


WRONG = [
    (
        "connector.get('__ACCOUNT__', 'nobody')",
        "The script failed: line 1: LookupError: ",
    ),
    (
        "connector.create('__ACCOUNT__', {'displayName': 5})",
        "The script failed: line 1: ValueError: Attribute 'displayName' takes a text, not 5",
    ),
    ("connector.search('__NOBODY__')", "The script failed: line 1: ValueError: Not found: __NOBODY__"),
    (
        "connector.purge()",
        "The script failed: line 1, column 1: Object of type Connector has no attribute purge",
    ),
    ("class Thing: pass\nThing()", "The script's result is nothing that JSON can hold"),
]


@pytest.mark.parametrize(("text", "beginning"), WRONG, ids=[text[:25] for text, _ in WRONG])
async def test_a_wrong_script_is_told_where(text: str, beginning: str, hub: Hub) -> None:
    """
    The sentence names the line and the reason.
    """
    with pytest.raises(ScriptFailed) as raised:
        await _run(hub, text)

    assert raised.value.message.startswith(beginning)


@pytest.mark.parametrize("language", ["groovy", "JavaScript"])
async def test_other_languages_are_refused_by_name(language: str, hub: Hub) -> None:
    """
    Nothing is guessed: the sentence names the language that is understood.
    """
    with pytest.raises(UnsupportedOperation) as raised:
        await hub.facade.run_script(language, "1", {}, OPTIONS)

    assert f"Scripts in {language} are not run here; write them in Python (language: python)" == raised.value.message
    assert [] == asked(hub)


class _Closed:
    async def permit(self, destruction: Destruction) -> None:
        raise GuardRefused(f"Nobody is removed today, not {destruction.uid}")


async def test_a_script_is_guarded() -> None:
    """
    What would be destructive for anybody else is so for a script.
    """
    async with running_hub(SystemClock(), people=6, guard=_Closed()) as hub:
        uid = person_id(hub, SAMPLE)
        with pytest.raises(ScriptFailed) as raised:
            await _run(hub, "connector.delete('__ACCOUNT__', arguments['uid'])", uid=uid)

        assert f"The script failed: line 1: PermissionError: Nobody is removed today, not {uid}" == raised.value.message
        assert uid == person_id(hub, SAMPLE)


def test_every_method_is_declared() -> None:
    """
    What a script may call and what its type checker knows are the same.
    """
    declared = {line.split("(")[0].removeprefix("    def ") for line in STUBS.splitlines() if "    def " in line}

    assert {"get", "search", "create", "update", "delete"} == declared
