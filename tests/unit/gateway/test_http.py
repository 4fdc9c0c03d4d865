"""
What every HTTP door shares.
"""

from collections.abc import AsyncIterator, Iterable
from types import MappingProxyType
from typing import Any

import msgspec
import pytest
from starlette.requests import Request
from starlette.types import Message

from webex_connector.base.secret import MASK, Secret
from webex_connector.gateway.http import (
    MAX_PARAMETERS,
    BodyTooLarge,
    NotUnderstood,
    StreamCut,
    body_of,
    decoded,
    encoded,
    encoded_rows,
    parameters_of,
    site_of,
    streamed,
)


def _request(parts: Iterable[bytes] = (), query: bytes = b"", **headers: str) -> Request:
    messages: list[Message] = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages.append({"type": "http.request"})

    async def receive() -> Message:
        return messages.pop(0)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "PUT", "headers": raw, "query_string": query}, receive)


async def test_a_body_may_be_as_long_as_the_limit() -> None:
    """
    A body of exactly the limit is read, in however many parts it comes.
    """
    assert await body_of(_request([b"ab", b"cd"]), limit=4) == b"abcd"


async def test_an_announced_length_beyond_the_limit_is_refused_unread() -> None:
    """
    The announced length suffices for the refusal.
    """

    async def receive() -> Message:
        raise AssertionError("the body was read")

    request = Request({"type": "http", "headers": [(b"content-length", b"5")]}, receive)
    with pytest.raises(BodyTooLarge, match="larger than 4 bytes"):
        await body_of(request, limit=4)


async def test_a_body_that_grows_beyond_the_limit_is_refused() -> None:
    """
    A body without an announced length, or with a wrong one, is refused at the byte too many.
    """
    with pytest.raises(BodyTooLarge):
        await body_of(_request([b"abc", b"de", b"f"], content_length="x"), limit=4)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"a" , 1}', b"{} {}", b"[1,]", b'"\xff"', b"nul", b"1" * 5000 + b"e", b"[" * 100_000],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    """
    Whatever is wrong with a text, deep nesting and broken UTF-8 included, it is refused and nothing else happens.
    """
    with pytest.raises(NotUnderstood):
        decoded(body)


def test_values_of_the_model_have_a_form_in_json() -> None:
    """
    Secrets are masked, mappings are objects, bytes are base64.
    """
    value: dict[str, Any] = {"s": Secret("x"), "m": MappingProxyType({"a": (1,)}), "b": b"\x00"}
    assert msgspec.json.decode(encoded(value)) == {"s": MASK, "m": {"a": [1]}, "b": "AA=="}
    with pytest.raises(TypeError, match="object has no form in JSON"):
        encoded(object())


def test_rows_join_into_one_array() -> None:
    """
    The insides of arrays, with commas between them, make one array, indented or not; line breaks in values survive.
    """
    first: list[dict[str, Any]] = [{"a": "x\ny"}, {"a": []}]
    second: list[dict[str, Any]] = [{"b": {"c": 1}}]
    for pretty in (False, True):
        parts = [encoded_rows(rows, pretty=pretty) for rows in (first, second)]
        assert msgspec.json.decode(b"[" + b",".join(parts) + b"]") == first + second
    assert encoded_rows(second, pretty=True) == b'\n    {\n      "b": {\n        "c": 1\n      }\n    }'


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        (b'_queryFilter=emails%20eq%20"a+b@x"', [("_queryFilter", 'emails eq "a b@x"')]),
        (b"a=%2B&b=&c", [("a", "+"), ("b", ""), ("c", "")]),
        ("ü=ß".encode(), [("ü", "ß")]),
        (b"", []),
    ],
)
def test_query_strings_are_read_as_people_type_them(query: bytes, parameters: list[tuple[str, str]]) -> None:
    """
    Double quotes and letters that should have been percent-encoded are taken as they are.
    """
    assert parameters_of(_request(query=query)) == parameters


@pytest.mark.parametrize("query", [b"a=%ff", b"a=\xff", b"&".join([b"a=1"] * (MAX_PARAMETERS + 1))])
def test_query_strings_that_cannot_be_read_are_refused(query: bytes) -> None:
    """
    Broken UTF-8 and more parameters than anybody needs are refused.
    """
    with pytest.raises(NotUnderstood):
        parameters_of(_request(query=query))


async def test_a_stream_that_fails_is_never_completed() -> None:
    """
    What was sent before the failure stays unfinished, and the application ends with StreamCut.
    """

    async def parts() -> AsyncIterator[bytes]:
        yield b"["
        raise OSError("gone")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    answer = streamed(parts(), {}, "application/json")
    with pytest.raises(StreamCut, match="gone"):
        await answer({"type": "http", "asgi": {"spec_version": "2.4"}}, _request().receive, send)
    assert [message.get("more_body") for message in sent] == [None, True]


@pytest.mark.parametrize(
    ("server", "host", "site"),
    [
        (("10.0.0.1", 8080), b"scim.example.com", "https://scim.example.com"),
        (["10.0.0.1", 8080], None, "https://10.0.0.1:8080"),
        (("::1", 443), None, "https://[::1]"),
        (("10.0.0.1", 8080), b"no/host at all", "https://10.0.0.1:8080"),
    ],
)
def test_a_server_is_known_by_the_name_its_client_used(server: object, host: bytes | None, site: str) -> None:
    """
    Without a name, or with one that is none, by its own address.
    """
    headers = [] if host is None else [(b"host", host)]
    assert site_of({"type": "http", "scheme": "https", "server": server, "headers": headers}) == site
