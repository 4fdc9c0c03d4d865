"""
Whole streams in memory: what a platform keeps as a text, or sends as one piece.
"""

from webex_connector.gateway.remote.codec.decoder import decoded
from webex_connector.gateway.remote.codec.encoder import Encoder
from webex_connector.gateway.remote.codec.framing import TRUSTED, Bounds, Stream
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Value


def written(*values: Value) -> bytes:
    """
    Return a stream of these values.
    """
    encoder = Encoder()
    return b"".join(encoder.encode(each) for each in values)


def read(content: bytes, bounds: Bounds = TRUSTED) -> list[Value]:
    """
    Return all values of a stream. Raises Malformed.
    """
    stream, values, place = Stream(), [], 0
    while place < len(content):
        body, place = _frame(stream, content, place, bounds)
        values.append(decoded(body, stream.names, bounds))
    return values


def _frame(stream: Stream, content: bytes, place: int, bounds: Bounds) -> tuple[bytes, int]:
    steps = stream.frame(bounds)
    size = next(steps)
    while True:
        if size > len(content) - place:
            raise Malformed("the stream ends within an object")
        piece, place = content[place : place + size], place + size
        try:
            size = steps.send(piece)
        except StopIteration as end:
            body: bytes = end.value
            return body, place
