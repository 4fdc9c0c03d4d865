"""
Bytes that no decent peer sends: they are refused as malformed, soon, and nothing else happens.
"""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.wire_samples import samples
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.decoder import decoded
from webex_connector.gateway.remote.codec.encoder import Encoder
from webex_connector.gateway.remote.codec.framing import NAMES, STRANGER, TRUSTED, Bounds, Stream
from webex_connector.gateway.remote.codec.objects import Attribute, ObjectClass, Uid
from webex_connector.gateway.remote.codec.primitives import INT, Malformed
from webex_connector.gateway.remote.codec.streams import read, written
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Locale, Map

ALL = samples()
BEGIN = bytes.fromhex("0000fafb00000002")


@pytest.mark.parametrize("stream", ALL.values(), ids=ALL)
def test_a_stream_that_ends_early_is_malformed(stream: bytes) -> None:
    """
    A sample that is cut anywhere within its last object is refused.
    """
    last = len(stream) - 1
    for end in {*range(1, min(last, 60)), last // 2, last}:
        with pytest.raises(Malformed):
            read(stream[:end])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(ALL)), st.data())
def test_changed_bytes_are_a_value_or_malformed(name: str, data: st.DataObject) -> None:
    """
    A sample with some of its bytes changed is another value, or refused as malformed, and nothing else.
    """
    stream = bytearray(ALL[name])
    for place in data.draw(st.lists(st.integers(8, len(stream) - 1), min_size=1, max_size=4)):
        stream[place] = data.draw(st.integers(0, 255))
    try:
        read(bytes(stream), STRANGER)
    except Malformed:
        return


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_malformed(content: bytes) -> None:
    """
    Anything at all behind the magic number is a value, or refused as malformed.
    """
    try:
        read(BEGIN + content)
    except Malformed:
        return


@pytest.mark.parametrize("begin", ["0000fafb00000003", "0000fafc00000002", "474554202f20485454502f"])
def test_another_protocol_is_malformed(begin: str) -> None:
    """
    Another version, another magic number and a request for a web page are refused at their first bytes.
    """
    with pytest.raises(Malformed, match="no stream of the connector protocol"):
        read(bytes.fromhex(begin))


@pytest.mark.parametrize("size", [2**31 - 1, -1, -(2**31), 2**24 + 1])
def test_a_huge_length_is_refused_before_it_is_waited_for(size: int) -> None:
    """
    A field that announces two gigabytes is refused at once: nobody waits for them or reserves memory.
    """
    steps = Stream().frame()
    tracemalloc.start()
    try:
        next(steps)
        for piece in (BEGIN, INT.pack(0), b"\x3c"):
            steps.send(piece)
        steps.send(b"\x46")
        with pytest.raises(Malformed, match="bytes are announced"):
            steps.send(INT.pack(size))
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_a_stranger_gets_little_room() -> None:
    """
    Before the key is checked, an object of more than 64 KiB is refused while it is announced.
    """
    big = written("x" * 70_000)

    assert ["x" * 70_000] == read(big)
    with pytest.raises(Malformed, match="are announced"):
        read(big, STRANGER)


def test_a_stranger_may_say_few_types() -> None:
    """
    Where only a locale is expected, a map is refused before anything of it is read.
    """
    stream = Stream()
    stream.names[0] = "Map"
    body = Encoder().object(Map())

    assert Map() == decoded(body, stream.names)
    with pytest.raises(Malformed, match="another type"):
        decoded(body, stream.names, types={"Locale"})


def _nested(depth: int) -> bytes:
    body = b"\x3c\x48"
    for _ in range(depth):
        body = b"\x3d" + INT.pack(0) + b"\x46" + INT.pack(len(body)) + body + b"\x48"
    return BEGIN + INT.pack(1) + INT.pack(4) + b"List" + INT.pack(0) + body


def test_depth_is_limited() -> None:
    """
    Lists within lists are read down to 128 levels, no further; far more of them do not exhaust the stack.
    """
    assert read(_nested(128))
    for depth in (130, 5_000):
        with pytest.raises(Malformed, match="nested too deep"):
            read(_nested(depth))


def test_dimensions_are_limited() -> None:
    """
    An array of two hundred dimensions is refused, as an object and as a class.
    """
    for each in (Array(JavaClass("String", 200)), JavaClass("String", 200)):
        with pytest.raises(Malformed):
            read(written(each))


def test_the_number_of_objects_is_limited() -> None:
    """
    More objects than are taken are refused, small as they may be.
    """
    with pytest.raises(Malformed, match="too many"):
        read(written((None,) * 20), Bounds(count=20))


def test_names_are_limited() -> None:
    """
    A stream cannot fill the memory with names: neither many of them nor long ones, over all its objects together.
    """
    many = BEGIN + INT.pack(NAMES + 1)
    long = BEGIN + INT.pack(1) + INT.pack(10_000)
    empty = BEGIN + INT.pack(1) + INT.pack(0) + INT.pack(0) + b"\x3c\x48"

    assert [None] == read(empty)
    for stream in (many, long, BEGIN + INT.pack(-1)):
        with pytest.raises(Malformed, match="announced"):
            read(stream)


def test_a_number_stands_for_one_name() -> None:
    """
    A number that is given twice is refused, and so is one that was never given.
    """
    name = INT.pack(1) + b"a" + INT.pack(7)

    with pytest.raises(Malformed, match="two names"):
        read(BEGIN + INT.pack(2) + name + name)
    with pytest.raises(Malformed, match="stands for no name"):
        read(BEGIN + INT.pack(0) + b"\x3d" + INT.pack(7) + b"\x48")


@pytest.mark.parametrize(
    ("value", "old", "new"),
    [
        (Attribute("a", ()), b"List", b"Long"),
        (Uid("42"), b"\x00\x00\x00\x03uid", b"\x00\x00\x00\x03uix"),
        (ObjectClass("a"), b"ObjectClass", b"ObjectClash"),
        (Secret("pw"), b"GuardedString", b"ByteArray\0\0\0\0"),
        (True, b"\x46\x00\x00\x00\x01\x01", b"\x46\x00\x00\x00\x01\x02"),
        ("a", b"\x46\x00\x00\x00\x05", b"\x46\x00\x00\x00\x06"),
        (Locale("en"), b"en", b"\xff\xff"),
    ],
    ids=["type of a field", "missing field", "unknown type", "unknown name", "truth", "length", "utf-8"],
)
def test_what_does_not_fit_is_malformed(value: object, old: bytes, new: bytes) -> None:
    """
    A field of a wrong type, a missing one, an unknown type, a wrong length and a text that is none are refused.
    """
    stream = written(value)

    assert old in stream
    with pytest.raises(Malformed):
        read(stream.replace(old, new, 1), TRUSTED)


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 16, b"x" * 17])
def test_a_secret_that_is_not_encrypted_is_malformed(content: bytes) -> None:
    """
    Bytes that are no encryption of anything are no secret.
    """
    stream = (
        written(content).replace(b"ByteArray", b"GuardedString").replace(b"\x00\x00\x00\x09Gu", b"\x00\x00\x00\x0dGu")
    )

    with pytest.raises(Malformed, match="secret"):
        read(stream)


def test_unknown_fields_are_skipped() -> None:
    """
    A field that a newer peer knows and we do not is passed over; the rest is read.
    """
    stream = written(Uid("42", revision="7"))

    assert [Uid("42")] == read(stream.replace(b"revision", b"novelty!"))
