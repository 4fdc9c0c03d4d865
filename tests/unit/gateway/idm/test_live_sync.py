"""
`liveSync`: the token, the number of changes, and on demand the changes.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from fakes.idm_door import Rig
from fakes.memory_connector import MemoryConnector, WritingHandler, staff
from webex_connector.gateway.idm.shapes import ObjectType, Shown
from webex_connector.gateway.idm.systems import Shape
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectionBroken
from webex_connector.icf.operations import DeltaType, Handler, SyncDelta
from webex_connector.icf.options import OperationOptions

HERE = "/openidm/system/webex/__ACCOUNT__?_action=liveSync"


class _Changing(WritingHandler):
    """
    People whose changes are a list, each at the token of its place.
    """

    def __init__(self, people: WritingHandler) -> None:
        super().__init__(people.info, people.rows, people.traits, people.traffic)
        self.changes = [
            SyncDelta(DeltaType.CREATE, "P-0001", "1", self.found("P-0001")),
            SyncDelta(DeltaType.UPDATE, "P-0002", "2", self.found("P-0002"), previous_uid="P-0020"),
            SyncDelta(DeltaType.DELETE, "P-0009", "3"),
        ]
        self.broken_at: str | None = None

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        for delta in self.changes[int(token or 0) :]:
            if delta.token == self.broken_at:
                raise ConnectionBroken("Webex went away")
            yield delta

    async def latest_token(self, options: OperationOptions) -> str | None:
        return "3"


class _Connector(MemoryConnector):
    """
    The in-memory connector with people that can be synchronised.
    """

    def __init__(self) -> None:
        super().__init__()
        staff(self, 2)
        people = super().handlers[names.ACCOUNT]
        assert isinstance(people, WritingHandler)
        self.people = _Changing(people)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {**super().handlers, names.ACCOUNT: self.people}


@pytest.fixture
def people(rig: Rig) -> _Changing:
    """
    The people behind the door, now with changes.
    """
    connector = _Connector()
    rig.systems["webex"] = replace(rig.systems["webex"], facade=rig.facade(connector))
    return connector.people


def _stage(token: str, **counts: int) -> dict[str, Any]:
    return {
        "_id": "SYSTEMWEBEX__ACCOUNT__",
        "connectorData": {"nativeType": "__ACCOUNT__", "syncToken": token},
        "deltaCounts": {"create": 0, "update": 0, "delete": 0, "createOrUpdate": 0} | counts,
    }


@pytest.mark.parametrize(
    "address",
    [
        HERE,
        "/system/webex/__account__?_action=activeSync",
        "/system?_action=liveSync&source=system/webex/__ACCOUNT__&detailedFailure=true",
    ],
)
async def test_without_a_token_it_begins_now(rig: Rig, people: _Changing, address: str) -> None:
    """
    The first call answers the token of now and no change, at each of the addresses.
    """
    answer = await rig.send("POST", address)
    assert (answer.status_code, answer.json()) == (200, _stage("3"))


async def test_the_changes_since_a_token_are_counted(rig: Rig, people: _Changing) -> None:
    """
    With a token the kinds of changes are counted, and the newest token is answered; a reader may ask too.
    """
    answer = await rig.send("POST", f"{HERE}&_syncToken=0", X_OpenIDM_Username="reader")
    assert answer.json() == _stage("3", create=1, update=1, delete=1)


async def test_nothing_new_keeps_the_token(rig: Rig, people: _Changing) -> None:
    """
    Without any change the caller's token is the one to go on from.
    """
    people.changes.clear()
    assert (await rig.send("POST", f"{HERE}&_syncToken=0")).json() == _stage("0")


async def test_the_changes_come_when_asked_for(rig: Rig, people: _Changing) -> None:
    """
    Each change has its kind, identifier and token, and the object as it is unless it is gone.
    """
    answer = await rig.send("POST", f"{HERE}&_syncToken=0&_deltas=true&_fields=emails")
    assert answer.json()["deltas"] == [
        {
            "type": "create",
            "_id": "P-0001",
            "syncToken": "1",
            "object": {"_id": "P-0001", "emails": ["person1@example.com"]},
        },
        {
            "type": "update",
            "_id": "P-0002",
            "_previous-id": "P-0020",
            "syncToken": "2",
            "object": {"_id": "P-0002", "emails": ["person2@example.com"]},
        },
        {"type": "delete", "_id": "P-0009", "syncToken": "3"},
    ]


async def test_a_page_of_changes_ends_at_its_own_token(rig: Rig, people: _Changing) -> None:
    """
    `_pageSize` stops after so many, and the token goes on behind them.
    """
    first = await rig.send("POST", f"{HERE}&_syncToken=0&_pageSize=2")
    assert first.json() == _stage("2", create=1, update=1)
    assert (await rig.send("POST", f"{HERE}&_syncToken=2")).json() == _stage("3", delete=1)


async def test_a_failure_half_way_is_an_error(rig: Rig, people: _Changing) -> None:
    """
    When the target fails among the changes, none is answered, so that the caller goes on from its own token.
    """
    people.broken_at = "2"
    answer = await rig.send("POST", f"{HERE}&_syncToken=0&_deltas=true")
    assert (answer.status_code, answer.json()["message"]) == (503, "Webex went away")
    assert "deltas" not in answer.json()


async def test_a_shown_class_names_the_one_behind_it(rig: Rig, people: _Changing) -> None:
    """
    Under another name, the stage object has the connector's own as its native type, and changes come in the shape.
    """
    system = rig.systems["webex"]
    user = ObjectType("user", system.facade.schema.object_class(names.ACCOUNT), (Shown("mail", "emails"),))
    rig.systems["webex"] = replace(system, shape=Shape(types=(user,)))
    answer = await rig.send("POST", "/system/webex/user?_action=liveSync&_syncToken=0&_deltas=true")
    assert answer.json()["connectorData"] == {"nativeType": "__ACCOUNT__", "syncToken": "3"}
    assert answer.json()["deltas"][0]["object"] == {"_id": "P-0001", "mail": ["person1@example.com"]}
