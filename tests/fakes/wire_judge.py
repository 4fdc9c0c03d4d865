"""
What must hold of any bytes that a peer sends, for fuzzers to try.
"""

import time
import tracemalloc
from contextlib import suppress
from typing import Final

from webex_connector.gateway.remote.codec.framing import STRANGER, TRUSTED, Bounds
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.streams import read, written

SECONDS: Final = 2.0
"""
How much time of the processor a stream of 64 KiB may take to be read; it takes a tenth of that on a slow machine.
"""

PER_BYTE: Final = 100
"""
How many bytes of memory a byte of a stream may cost at most. A null takes seven on the wire.
"""

AT_LEAST: Final = 512 * 2**10
"""
How much memory any stream may cost.
"""


def judged(content: bytes) -> None:
    """
    Raise AssertionError unless the bytes are refused as malformed, or are values that are written and read again the
    same; soon in either case, and with memory in proportion.
    """
    for bounds in (STRANGER, TRUSTED):
        began = time.process_time()
        _read(content, bounds)
        took = time.process_time() - began
        if took > SECONDS:
            raise AssertionError(f"{len(content)} bytes took {took:.1f} seconds")


def weighed(content: bytes) -> None:
    """
    Raise AssertionError when reading the bytes takes more memory than they are worth.
    """
    tracemalloc.start()
    try:
        with suppress(Malformed):
            read(content)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if most > AT_LEAST + PER_BYTE * len(content):
        raise AssertionError(f"{len(content)} bytes took {most} bytes of memory")


def _read(content: bytes, bounds: Bounds) -> None:
    try:
        values = read(content, bounds)
    except Malformed:
        return
    again = written(*values)
    if written(*read(again)) != again:
        raise AssertionError("what was read is written as something else")
