"""
Records and objects as a staging database keeps them: whole, in one value each, of which nothing is looked at before it
is clear that it matters.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from webex_connector.icf.attributes import Attributes, Value
from webex_connector.sync.decide.mapped import Mapped, Target


def _plain(value: object) -> dict[str, Any]:
    """
    Return attributes that a mirror has left packed.
    """
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"A {type(value).__name__} cannot be staged")


_pack = msgspec.msgpack.Encoder(enc_hook=_plain).encode
_unpack = msgspec.msgpack.Decoder().decode
_matches = msgspec.msgpack.Decoder(tuple[tuple[tuple[int, str], ...], msgspec.Raw]).decode


def packed_source(record: Mapped) -> bytes:
    """
    Return a record as it is staged.
    """
    whole = (
        record.key,
        record.qualifier,
        record.qualifies,
        record.attributes,
        record.on_create,
        record.references,
        record.elsewhere,
        record.problem,
        record.place,
        record.record,
    )
    return _pack((record.matches, whole))


def packed_target(target: Target) -> bytes:
    """
    Return an object as it is staged.
    """
    return _pack((target.matches, (target.uid, target.name, target.valid, target.attributes)))


def matches_of(content: bytes) -> tuple[tuple[int, str], ...]:
    """
    Return by what a staged record or object corresponds.
    """
    return _matches(content)[0]


def source_of(content: bytes) -> Mapped:
    """
    Return a staged record, without what it correlates by.
    """
    key, qualifier, qualifies, attributes, on_create, references, elsewhere, problem, place, raw = _unpack(content)[1]
    return Mapped(
        key,
        _values(attributes),
        _values(on_create),
        _values(references),
        (),
        qualifies,
        qualifier,
        problem,
        place,
        _values(raw),
        _values(elsewhere),
    )


def target_of(content: bytes) -> Target:
    """
    Return a staged object, without what it correlates by.
    """
    uid, name, valid, attributes = _unpack(content)[1]
    return Target(uid, name, _values(attributes), (), valid)


def _values(given: dict[str, list[Value]]) -> Attributes:
    return {name: tuple(values) for name, values in given.items()}
