"""
A resource is written once for each object that it is made of.
"""

import msgspec

from fakes.scim_tables import resource
from webex_connector.gateway.scim.rendering import Setting, View
from webex_connector.gateway.scim.written import Writings
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, LateAttributes
from webex_connector.icf.objects import ConnectorObject

VIEW = View(resource("User"), Setting("https://here/v2"))
_values = msgspec.json.Decoder(dict[str, tuple[str, ...]])


def _person(uid: str = "P1", name: str = "ann@example.com", **attributes: str) -> ConnectorObject:
    packed = msgspec.json.encode({key: [value] for key, value in {"orgId": "O", **attributes}.items()})
    return ConnectorObject(names.ACCOUNT, uid, name, LateAttributes(packed, _unpacked))


def _unpacked(packed: bytes) -> Attributes:
    return _values.decode(packed)


def test_what_is_alike_is_written_once() -> None:
    """
    Also when it was read anew. Whatever differs makes another resource: a value, what is wanted, the id, the view.
    """
    writings, there = Writings(), View(resource("User"), Setting("https://there/v2"))
    ann = writings.of(VIEW, _person(title="Head"))
    assert writings.of(VIEW, _person(title="Head")) is ann
    others = [
        writings.of(VIEW, _person(title="Hand")),
        writings.of(VIEW, _person(title="Head").only(frozenset())),
        writings.of(VIEW, _person("P2", title="Head")),
        writings.of(there, _person(title="Head")),
    ]
    rows = [msgspec.json.decode(each.body) for each in (ann, *others)]
    assert ["Head", "Hand", None, "Head", "Head"] == [row.get("title") for row in rows]
    assert ["P1", "P1", "P1", "P2", "P1"] == [row["id"] for row in rows]
    assert rows[4]["meta"]["location"] == "https://there/v2/Users/P1"
    assert [row["meta"].get("version") for row in rows] == [each.version for each in (ann, *others)]
    assert rows[0] == VIEW.resource(_person(title="Head"))


def test_an_object_that_nobody_knows_the_like_of_is_written_each_time() -> None:
    """
    As one that Webex has just told of.
    """
    writings, plain = Writings(), ConnectorObject(names.ACCOUNT, "P1", None, {"title": ("Head",)})
    assert writings.of(VIEW, plain) == writings.of(VIEW, plain)
    assert writings.of(VIEW, plain) is not writings.of(VIEW, plain)


def test_no_more_is_kept_than_there_is_room_for() -> None:
    """
    What was asked for longest ago goes first, and is written anew when it is asked for again.
    """
    size = Writings().of(VIEW, _person("P0")).size
    writings = Writings(most_bytes=3 * size)
    first = [writings.of(VIEW, _person(f"P{number}")) for number in range(3)]
    assert writings.of(VIEW, _person("P0")) is first[0]
    writings.of(VIEW, _person("P3"))
    assert writings.of(VIEW, _person("P0")) is first[0]
    assert writings.of(VIEW, _person("P1")) is not first[1]
