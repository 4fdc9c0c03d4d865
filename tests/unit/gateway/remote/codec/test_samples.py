"""
What a Java implementation wrote is read, and written again byte for byte.
"""

import pytest

from fakes.wire_samples import samples
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.description import ConnectorKey
from webex_connector.gateway.remote.codec.exceptions import ExceptionName, PlainException, RemoteWrappedException
from webex_connector.gateway.remote.codec.filters import AttributeFilter, Comparison, JoinedFilter, Junction
from webex_connector.gateway.remote.codec.messages import HelloRequest, OperationRequest, OperationResponsePart
from webex_connector.gateway.remote.codec.objects import (
    Attribute,
    AttributeDelta,
    ConnectorObject,
    Name,
    ObjectClass,
    OperationOptions,
    SearchResult,
    SortKey,
    SyncDelta,
    SyncDeltaType,
    SyncToken,
    Uid,
)
from webex_connector.gateway.remote.codec.schema import AttributeInfo, AttributeInfoFlag
from webex_connector.gateway.remote.codec.shapes import BY_NAME, ENUMS, SHAPES
from webex_connector.gateway.remote.codec.streams import read, written
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Locale, Long, Map, Set, Value

ALL = samples()

_MAIL = Attribute("mail", ("a@b",))
_ACCOUNT = ObjectClass("__ACCOUNT__")

MEANINGS: dict[str, Value] = {
    "String": "hé☃",
    "Integer": -5,
    "Long": Long(1234567890123),
    "GuardedString": Secret("changeit"),
    "GuardedString-nonascii": Secret("päss☃"),
    "List": ("a", 1, None),
    "Set-caseInsensitive-A": Set(("A",), case_insensitive=True),
    "Map-nested": Map((("m", Map((("x", (1, 2)),))),)),
    "String[][]": Array(
        JavaClass("String", 1), (Array(JavaClass("String"), ("a",)), Array(JavaClass("String"), ("b", "c")))
    ),
    "Class-String[]": JavaClass("String", 1),
    "Locale": Locale("en", "US"),
    "Attribute-null": Attribute("mail"),
    "Attribute-nullvalue": Attribute("mail", (None,)),
    "Attribute-empty": Attribute("mail", ()),
    "Uid-nameHint": Uid("42", name_hint=Name("jdoe")),
    "ConnectorObject": ConnectorObject(_ACCOUNT, Set((_MAIL, Name("jdoe"), Uid("42")))),
    "SyncDelta-delete": SyncDelta(SyncDeltaType.DELETE, SyncToken(Long(5)), object_class=_ACCOUNT, uid=Uid("42")),
    "AttributeDelta-addremove": AttributeDelta("tags", add=("a",), remove=("b",)),
    "SearchResult": SearchResult("c1", 9),
    "OperationOptions-sort": OperationOptions(
        Map((("SORT_KEYS", Array(JavaClass("SortKey"), (SortKey("mail", ascending=True),))),))
    ),
    "AndFilter": JoinedFilter(
        Junction.AND,
        AttributeFilter(Comparison.EQUALS, _MAIL),
        AttributeFilter(Comparison.GREATER, Attribute("n", (5,))),
    ),
    "AttributeInfo-password": AttributeInfo(
        "__PASSWORD__",
        JavaClass("GuardedString"),
        (AttributeInfoFlag.NOT_READABLE, AttributeInfoFlag.NOT_RETURNED_BY_DEFAULT),
    ),
    "PasswordExpiredException-uid": PlainException(ExceptionName.PASSWORD_EXPIRED, "m", Uid("42")),
    "RemoteWrappedException": RemoteWrappedException("x.Y", "m", RemoteWrappedException("z.W", "m2"), "st"),
    "OperationResponsePart-uid": OperationResponsePart(None, Uid("42")),
    "OperationRequest-search": OperationRequest(
        JavaClass("SearchApiOp"),
        "search",
        ConnectorKey("b", "1.0", "c"),
        "KEY",
        (_ACCOUNT, AttributeFilter(Comparison.EQUALS, _MAIL), None),
    ),
}


@pytest.mark.parametrize("stream", ALL.values(), ids=ALL)
def test_what_java_wrote_is_written_again(stream: bytes) -> None:
    """
    Every sample is read and written again byte for byte.
    """
    assert stream == written(*read(stream))


def test_there_are_samples() -> None:
    """
    All 112 values and three streams are among the samples, so that none is left out unseen.
    """
    assert (112, 3) == (len(ALL) - len(samples("streams")), len(samples("streams")))


@pytest.mark.parametrize("name", MEANINGS)
def test_what_java_wrote_means_what_it_should(name: str) -> None:
    """
    A sample is read as the value that it was made of.
    """
    assert [MEANINGS[name]] == read(ALL[name])


def test_names_go_on_from_object_to_object() -> None:
    """
    Three objects of one stream share their names: who speaks, the key, and the greeting.
    """
    assert [Locale("en"), Secret("changeit"), HelloRequest(20)] == read(ALL["hello-client"])


def test_names_are_sent_once() -> None:
    """
    The second object of a stream sends no name that the first one did.
    """
    once = written("a")
    twice = written("a", "a")

    assert 1 == twice.count(b"String")
    assert len(twice) < 2 * len(once)


def test_no_two_types_have_one_name() -> None:
    """
    Each wire name belongs to one Python type, so that nothing declared is hidden by something else.
    """
    assert sum(len(shape.names) for shape in SHAPES.values()) == len(BY_NAME)
    assert not set(BY_NAME) & set(ENUMS)
