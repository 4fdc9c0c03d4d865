"""
Any value that may travel, for property tests: made from the declared shapes, so that a new message is among them at
once.
"""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.fields import Field, Form, Place
from webex_connector.gateway.remote.codec.shapes import ENUMS, SHAPES
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Map, SecretBytes, Set

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
_CLASSES = st.builds(JavaClass, st.sampled_from(["String", "int", "SearchApiOp", "byte"]), st.integers(0, 2))
_INTS = st.integers(-(2**31), 2**31 - 1)
_RAW: dict[Form, st.SearchStrategy[Any]] = {
    Form.TEXT: _TEXTS,
    Form.INT: _INTS,
    Form.LONG: st.integers(-(2**63), 2**63 - 1),
    Form.DOUBLE: st.floats(allow_nan=False),
    Form.FLAG: st.booleans(),
    Form.BYTE: st.integers(-128, 127),
    Form.CLASS: _CLASSES,
}
_SIMPLE = st.one_of(
    st.none(),
    st.booleans(),
    _INTS,
    st.floats(allow_nan=False),
    _TEXTS,
    st.binary(max_size=4),
    st.builds(Secret, _TEXTS),
    st.builds(SecretBytes, st.binary(max_size=4)),
    _CLASSES,
    st.sampled_from([member for each in ENUMS.values() for member in each]),
)


def _several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    items = st.lists(values, max_size=3).map(tuple)
    pairs = st.lists(st.tuples(_SIMPLE, values), max_size=3).map(tuple)
    return st.one_of(
        items,
        st.builds(Set, items, st.booleans()),
        st.builds(Map, pairs, st.booleans()),
        st.builds(Array, _CLASSES, items),
    )


def _held(field: Field, depth: int) -> st.SearchStrategy[Any]:
    if field.wire.place is Place.ALL_OTHERS:
        return st.just(())
    if field.wire.form is not Form.OBJECT:
        raw = _RAW[field.wire.form]
        return st.none() | raw if field.accepted and type(None) in field.accepted else raw
    if field.accepted is None:
        return values(depth)
    return st.one_of(*[_of(each, depth) for each in field.accepted])


def _of(kind: type, depth: int) -> st.SearchStrategy[Any]:
    if kind is type(None):
        return st.none()
    if kind in SHAPES:
        return st.deferred(lambda: declared(kind, depth))
    if kind in ENUMS.values():
        return st.sampled_from(list(kind))  # type: ignore[call-overload]  # iterating an Enum class
    plain: dict[type, st.SearchStrategy[Any]] = {
        tuple: st.just(()),
        Set: st.just(Set()),
        Map: st.just(Map()),
        str: _TEXTS,
    }
    return plain[kind]


@cache
def declared(python: type, depth: int = 1) -> st.SearchStrategy[Any]:
    """
    Return any value of a declared type; what it holds is nested so deep at most.
    """
    shape = SHAPES[python]
    given = {each.attribute: _held(each, depth) for each in shape.fields}
    if shape.family is not None:
        given["kind"] = st.sampled_from(shape.family)
    return st.builds(shape.python, **given)


@cache
def values(depth: int = 2) -> st.SearchStrategy[Any]:
    """
    Return any value, nested so deep at most.
    """
    if depth == 0:
        return _SIMPLE
    return st.one_of(_SIMPLE, _several(values(depth - 1)), *[declared(each, depth - 1) for each in SHAPES])
