"""
The messages as bytes. Their numbers are in `RPCMessages.proto`, `OperationMessages.proto` and
`CommonObjectMessages.proto` of OpenICF's Java framework.
"""

import pytest

from webex_connector.gateway.remote.codec.exceptions import RemoteWrappedException
from webex_connector.gateway.remote.codec.messages import OperationRequest
from webex_connector.gateway.remote.codec.objects import Name, ObjectClass, SearchResult, ToldObject, Uid
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.streams import written
from webex_connector.gateway.remote.codec.values import JavaClass, Set
from webex_connector.gateway.remote.openicf import outcomes
from webex_connector.gateway.remote.openicf.messages import member, new, parsed
from webex_connector.gateway.remote.openicf.requests import request_of


def inside(number: int, *content: bytes) -> bytes:
    """
    Return a field that holds others, or bytes.
    """
    whole = b"".join(content)
    assert len(whole) < 128
    return bytes([number << 3 | 2, len(whole)]) + whole


def number_of(number: int, value: int) -> bytes:
    """
    Return a field that holds a small number.
    """
    return bytes([number << 3, value])


def test_a_greeting_is_read() -> None:
    """
    Session and key of whoever greets; a kind of server that nobody knows does not matter.
    """
    message = parsed(inside(2, inside(1, inside(1, b"ABC"), number_of(2, 9), inside(3, b"key"))))

    assert "request" == member(message)
    assert ("ABC", b"key", 0) == (message.request.handshake.session, message.request.handshake.public_key, message.id)


def test_a_search_is_read() -> None:
    """
    Which connector, with what configuration, which objects.
    """
    key = inside(1, inside(1, b"bundle"), inside(2, b"1.0"), inside(3, b"name"))
    operation = inside(3, key, inside(2, b"Zg=="), inside(3, inside(1, b"en")), inside(13, inside(1, b"__ACCOUNT__")))
    message = parsed(number_of(1, 7) + inside(2, operation))
    request = request_of(message.request.operation)

    assert 7 == message.id
    assert JavaClass("SearchApiOp") == request.operation
    assert ("bundle", "1.0", "name") == (
        request.connector.bundle_name,
        request.connector.bundle_version,
        request.connector.connector_name,
    )
    assert "Zg==" == request.facade_key
    assert (ObjectClass("__ACCOUNT__"), None, None) == request.arguments


OPERATIONS = {
    4: "authenticate",
    5: "create",
    7: "delete",
    8: "getObject",
    9: "resolveUsername",
    10: "schema",
    11: "runScriptOnConnector",
    12: "runScriptOnResource",
    14: "sync",
    16: "test",
    17: "update",
    18: "validate",
}


@pytest.mark.parametrize(("number", "method"), OPERATIONS.items(), ids=OPERATIONS.values())
def test_each_operation_has_its_number(number: int, method: str) -> None:
    """
    An empty message of a number is a request for an operation.
    """
    content = inside(2, inside(3, bytes([(number << 3 | 2) & 0x7F | (0x80 if number > 15 else 0)]), *_rest(number)))

    assert method == request_of(parsed(content).request.operation).method


def _rest(number: int) -> tuple[bytes, ...]:
    """
    Return what follows the first byte of a field without content.
    """
    return (bytes([number >> 4]), b"\0") if number > 15 else (b"\0",)


def test_an_object_is_written() -> None:
    """
    Object class, attributes as a stream of their own, and its place.
    """
    attributes = Set((Uid("1"), Name("n")))
    response = outcomes.part(ToldObject("X", "1", None, "n", []), 5)
    blob = written(attributes)
    told = inside(1, b"X"), bytes([2 << 3 | 2, len(blob) & 0x7F | 0x80, len(blob) >> 7]) + blob
    whole = len(b"".join(told))

    assert 128 <= len(blob) <= whole < 2**14
    expected = number_of(1, 5) + bytes([3 << 3 | 2, whole & 0x7F | 0x80, whole >> 7]) + b"".join(told)
    assert response.SerializeToString().endswith(expected)


def test_the_end_of_a_search_says_what_is_unknown() -> None:
    """
    A number that is not there would be zero: what is unknown is -1, which takes ten bytes.
    """
    request = OperationRequest(JavaClass("SearchApiOp"), "search", None, "", ())  # type: ignore[arg-type]  # no connector
    minus = b"\xff" * 9 + b"\x01"
    result = inside(2, bytes([3 << 3]) + minus, bytes([4 << 3]) + minus)

    assert (
        inside(3, inside(10, number_of(1, 2), result)) == outcomes.end(request, SearchResult(), 2).SerializeToString()
    )


def test_an_error_is_written() -> None:
    """
    The Java class and what people read.
    """
    error = RemoteWrappedException("java.lang.X", "why")

    assert inside(4, inside(1, b"java.lang.X"), inside(2, b"why")) == outcomes.failed(error).SerializeToString()


def test_two_operations_in_one_are_none() -> None:
    """
    Which one was meant, nobody can say.
    """
    with pytest.raises(Malformed, match="test, validate"):
        request_of(new("Operation", test=new("Nothing"), validate=new("Nothing")))
