"""
Whatever may travel arrives.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.wire_values import declared, values
from webex_connector.gateway.remote.codec.encoder import Encoder
from webex_connector.gateway.remote.codec.messages import HelloRequest
from webex_connector.gateway.remote.codec.objects import Attribute
from webex_connector.gateway.remote.codec.shapes import SHAPES
from webex_connector.gateway.remote.codec.streams import read, written
from webex_connector.gateway.remote.codec.values import BigDecimal, Byte, Long


@settings(max_examples=150, deadline=None)
@given(st.lists(values(), max_size=3))
def test_what_is_written_is_read(sent: list[Any]) -> None:
    """
    Values of every kind, nested in any way and one after the other, come out of the stream that they went into.
    """
    stream = written(*sent)

    assert stream == written(*read(stream))


@pytest.mark.parametrize("python", SHAPES, ids=lambda each: str(each.__name__))
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_every_type_arrives(python: type, data: st.DataObject) -> None:
    """
    A value of each declared type is read as it was.
    """
    sent = data.draw(declared(python))
    stream = written(sent)
    arrived = read(stream)

    assert [type(sent)] == [type(each) for each in arrived]
    assert stream == written(*arrived)


def test_integers_keep_their_size() -> None:
    """
    What is too big for its type is refused, never cut.
    """
    for each in (2**31, Long(2**63), HelloRequest(2**31), Byte(200)):
        with pytest.raises(ValueError, match="too big"):
            Encoder().encode(each)


def test_what_cannot_travel_is_refused() -> None:
    """
    A value that the wire has no type for is no message, and neither is one that holds it.
    """
    for each in ({"a": 1}, Attribute("a", ([1],))):
        with pytest.raises(TypeError, match="cannot travel"):
            Encoder().encode(each)


def test_half_a_surrogate_travels_as_java_sends_it() -> None:
    """
    A text with half of a surrogate pair, which JSON may bring, becomes a question mark and breaks nothing.
    """
    assert ["a?"] == read(written("a\ud800"))


def test_decimals_keep_their_digits() -> None:
    """
    A decimal number has the digits that were sent, trailing zeros included.
    """
    assert "3.140" == str(BigDecimal("3140", 3).value)
