"""
What every HTTP door shares: bodies with a size limit, JSON in and out, query strings as people type them, and JSON
streams that are cut, never closed politely, when they fail half-way.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Scope

from webex_connector.base.log import logger
from webex_connector.base.secret import MASK, Secret
from webex_connector.icf.options import Freshness

log = logger("gateway")

MAX_BODY: Final = 1024 * 1024
"""
How many bytes a request's body may have, unless a door says otherwise.
"""

MAX_PARAMETERS: Final = 100
"""
How many parameters a query string may have.
"""


class NotUnderstood(Exception):
    """
    A request's body or query string cannot be read; the message says why.
    """


class BodyTooLarge(Exception):
    """
    A request's body is longer than `limit` bytes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than {limit} bytes")
        self.limit = limit


class StreamCut(Exception):
    """
    A stream failed after its first part had left. It leaves the application as an exception so that the server drops
    the connection: the client sees an unfinished body and cannot take it for a whole one.
    """


def wants_live(headers: Mapping[str, str]) -> bool:
    """
    Whether a reader wants to hear from the target itself what a copy could tell: `no-cache` or `max-age=0` in
    `Cache-Control` (RFC 9111, sections 5.2.1.4 and 5.2.1.1). `headers` are by names in lower case.
    """
    said = {part.replace(" ", "").lower() for part in headers.get("cache-control", "").split(",")}
    return bool(said & {"no-cache", "max-age=0"})


def age_of(freshness: Freshness, now: datetime) -> dict[str, str]:
    """
    Return the header that says how many seconds ago the target was as an answer from a copy shows it (RFC 9111, section
    5.1); none for an answer of the target's own.
    """
    if freshness.as_of is None:
        return {}
    return {"Age": str(max(0, int((now - freshness.as_of).total_seconds())))}


async def body_of(request: Request, limit: int = MAX_BODY) -> bytes:
    """
    Return a request's body. Raises BodyTooLarge as soon as that is known.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise BodyTooLarge(limit)
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > limit:
            raise BodyTooLarge(limit)
    return bytes(parts)


def decoded(body: bytes) -> Any:
    """
    Return what a JSON body says. Raises NotUnderstood, naming the byte where it goes wrong.
    """
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        raise NotUnderstood("JSON is nested too deeply") from None
    except (msgspec.MsgspecError, ValueError) as problem:
        raise NotUnderstood(str(problem)) from None


def _plain(value: object) -> object:
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


_ENCODER: Final = msgspec.json.Encoder(enc_hook=_plain)


def encoded(value: object, *, pretty: bool = False) -> bytes:
    """
    Return a value as JSON; secrets are masked. `pretty` indents it by two.
    """
    plain = _ENCODER.encode(value)
    return msgspec.json.format(plain, indent=2) if pretty else plain


def encoded_rows(rows: list[dict[str, Any]], *, pretty: bool = False) -> bytes:
    """
    Return the inside of a JSON array, without its brackets: one encoder call however many rows there are.
    """
    if not pretty:
        return _ENCODER.encode(rows)[1:-1]
    # A line break inside a JSON text is always escaped, so each one here is layout.
    return encoded(rows, pretty=True)[1:-1].rstrip().replace(b"\n", b"\n  ")


def site_of(scope: Scope) -> str:
    """
    Return the scheme and authority by which a client knows this server, as https://scim.example.com.
    """
    host = next((value for name, value in scope["headers"] if name == b"host"), None)
    server = scope.get("server")
    return _site(scope["scheme"], None if server is None else tuple(server), host)


@lru_cache(maxsize=100)
def _site(scheme: str, server: tuple[Any, ...] | None, host: bytes | None) -> str:
    headers = [] if host is None else [(b"host", host)]
    url = URL(scope={"scheme": scheme, "server": server, "path": "/", "query_string": b"", "headers": headers})
    return f"{url.scheme}://{url.netloc}"


def parameters_of(request: Request) -> list[tuple[str, str]]:
    """
    Return the decoded query string, in order. Characters that should have been percent-encoded, such as double quotes,
    are taken as they are, provided that the server lets them through; uvicorn's parsers both do.

    Raises NotUnderstood when it is not UTF-8 or has more than MAX_PARAMETERS parts.
    """
    raw: bytes = request.scope["query_string"]
    try:
        return parse_qsl(
            raw.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeDecodeError:
        raise NotUnderstood("The query string is not UTF-8") from None
    except ValueError:
        raise NotUnderstood(f"The query string has more than {MAX_PARAMETERS} parameters") from None


def streamed(parts: AsyncIterator[bytes], headers: Mapping[str, str], media_type: str) -> Response:
    """
    Answer 200 with a body that leaves part by part. Whatever the parts raise cuts the connection.
    """
    return StreamingResponse(_cut_on_failure(parts), headers=headers, media_type=media_type)


async def _cut_on_failure(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        async for part in parts:
            yield part
    except Exception as error:
        log.warning("gateway.stream_cut", reason=str(error), error=type(error).__name__)
        raise StreamCut(str(error)) from error
