"""
Objects of a stream, poured into moulds: no byte is other than when each part is written on its own.
"""

from hypothesis import given
from hypothesis import strategies as st

from webex_connector.gateway.remote.codec.encoder import Encoder
from webex_connector.gateway.remote.codec.messages import OperationResponsePart
from webex_connector.gateway.remote.codec.objects import ToldObject
from webex_connector.gateway.remote.codec.shapes import SHAPES
from webex_connector.gateway.remote.codec.streams import read, written
from webex_connector.gateway.remote.codec.values import Long, Map

_TEXTS = st.text(max_size=300)
_VALUES = st.one_of(_TEXTS, st.booleans(), st.just(Long(7)), st.binary(max_size=9), st.just(Map((("type", "work"),))))
_OBJECTS = st.builds(
    ToldObject,
    st.sampled_from(["__ACCOUNT__", "__GROUP__"]),
    _TEXTS,
    st.none() | _TEXTS,
    _TEXTS,
    st.lists(st.tuples(st.sampled_from(["emails", "é", "n" * 200]), st.lists(_VALUES, max_size=4).map(tuple))),
)


class _PieceByPiece(Encoder):
    """
    Knows no moulds: writes field by field what is declared.
    """

    def object(self, value: object) -> bytes:
        shape = SHAPES.get(type(value))
        return super().object(value) if shape is None else self.declared(value, shape)


@given(st.lists(_OBJECTS, max_size=4))
def test_moulds_change_no_byte(told: list[ToldObject]) -> None:
    """
    Whatever an object holds, and whatever came before it on the stream, its bytes are those of the object in whole, as
    they are written field by field.
    """
    fast, slow = Encoder(), _PieceByPiece()

    for each in told:
        expected = slow.encode(OperationResponsePart(None, each.whole()))
        assert expected == fast.encode(OperationResponsePart(None, each))


def test_an_object_comes_as_a_connector_object() -> None:
    """
    What is told is read as a whole object: a reader knows nothing of the form in which it was written.
    """
    told = ToldObject("__ACCOUNT__", "1", "3", "ann@example.com", [("roles", ("a", "b")), ("__ENABLE__", (False,))])

    assert [told.whole()] == read(written(told))
