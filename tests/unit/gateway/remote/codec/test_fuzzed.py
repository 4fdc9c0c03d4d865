"""
The decoder under bytes that nobody thought of. `make fuzz` goes on with this, guided by what the code does with them.
"""

import tracemalloc
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import wire_judge
from fakes.wire_judge import judged, weighed
from fakes.wire_samples import samples
from webex_connector.gateway.remote.codec.primitives import INT
from webex_connector.gateway.remote.codec.streams import written

_CORPUS: Final = sorted(samples().values())
_LENGTHS: Final = (0, 1, 0x7F, 0xFF, 0xFFFF, 2**24, 2**31 - 1, -1, -(2**31))


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """
    Draw a sample that was cut, spliced with another one, doubled in part, or given other lengths.
    """
    content = bytearray(draw(st.sampled_from(_CORPUS)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(8, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        match draw(st.sampled_from(("cut", "splice", "double", "length", "noise"))):
            case "cut":
                del content[start:end]
            case "splice":
                other = draw(st.sampled_from(_CORPUS))
                content[start:end] = other[draw(st.integers(8, len(other))) :]
            case "double":
                content[start:start] = content[start:end] * draw(st.integers(1, 50))
            case "length":
                content[start : start + 4] = INT.pack(draw(st.sampled_from(_LENGTHS)))
            case _:
                content[start:end] = draw(st.binary(max_size=20))
    return bytes(content)


@settings(max_examples=400, deadline=None)
@given(_damaged())
def test_damaged_samples_do_no_harm(content: bytes) -> None:
    """
    They are refused as malformed or read as values, within time; what is read is written and read again the same.
    """
    judged(content)


@settings(max_examples=100, deadline=None)
@given(_damaged())
def test_damaged_samples_take_memory_in_proportion(content: bytes) -> None:
    """
    No stream takes more memory than its size allows.
    """
    weighed(content)


@pytest.mark.parametrize("value", [(None,) * 9_000, ("",) * 4_000, ((),) * 8_000], ids=["nulls", "texts", "lists"])
def test_the_densest_streams_take_memory_in_proportion(value: tuple[object, ...]) -> None:
    """
    Streams of the smallest objects there are, 64 KiB of them, take no more than others, and no longer.
    """
    stream = written(value)

    assert len(stream) > 60_000
    judged(stream)
    weighed(stream)


def test_the_judge_complains(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A decoder that crashes, dawdles, wastes memory or reads something else is found out.
    """
    stream = written(("a",) * 100)

    def crash(*_: object) -> list[object]:
        raise IndexError

    with monkeypatch.context() as patch:
        patch.setattr(wire_judge, "read", crash)
        with pytest.raises(IndexError):
            judged(stream)
    with monkeypatch.context() as patch:
        patch.setattr(wire_judge, "SECONDS", 0.0)
        with pytest.raises(AssertionError, match="seconds"):
            judged(stream)
    with monkeypatch.context() as patch:
        patch.setattr(wire_judge, "read", lambda *_: [bytes(2**21)])
        with pytest.raises(AssertionError, match="of memory"):
            weighed(stream)
    with monkeypatch.context() as patch:
        answers = iter((["a"], ["b"]))
        patch.setattr(wire_judge, "read", lambda *_: next(answers))
        with pytest.raises(AssertionError, match="something else"):
            judged(stream)
    assert not tracemalloc.is_tracing()
