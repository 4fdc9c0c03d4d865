"""
What Cisco publishes of the calls the sandbox answers, with the known defects corrected, and what does not fit it.

The definitions (tests/conformance/openapi/definitions) are reductions of the Webex OpenAPI specifications; each file
names its source and licence. Names that are not published are refused everywhere: a misspelt one is a fault too.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from jsonschema import Draft202012Validator

Json = dict[str, Any]

FOLDER = Path(__file__).parent.parent / "conformance" / "openapi"

_REFUSED = 400
_NUMBER = re.compile(r"-?[0-9]+")
_V1 = re.compile(r"^/v1(?=/)")

_REFUSAL: Json = {
    "type": "object",
    "required": ["message", "trackingId"],
    "properties": {
        "message": {"type": "string"},
        "trackingId": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "required": ["description"]}},
    },
    "additionalProperties": False,
}
# The definitions leave most refusals open; this is what https://developer.webex.com/docs/basics says of all of them.

_SCIM_REFUSAL: Json = {
    "anyOf": [
        {
            "type": "object",
            "required": ["status"],
            "properties": {"status": {"type": "string"}, "scimType": {"type": "string"}, "detail": {"type": "string"}},
        },
        _REFUSAL,
    ]
}
# Nor do they say anything of SCIM's: RFC 7644 section 3.12. Before SCIM is reached, tokens are refused as everywhere.


class Correction(msgspec.Struct, frozen=True, rename="camel"):
    """
    One defect of the definitions.
    """

    resource: str
    """The file it is in."""
    at: str
    """The place in that file, as a JSON pointer (RFC 6901)."""
    published: Any
    """What stands there; null for nothing."""
    used: Any
    """What the checks use instead."""
    why: str
    """How it is known that the definition is wrong."""


CORRECTIONS = tuple(msgspec.json.decode((FOLDER / "corrections.json").read_bytes(), type=list[Correction]))
"""
All known defects.
"""


@dataclass(frozen=True)
class Exchange:
    """
    A request and its answer as they went over the wire.
    """

    method: str
    path: str
    query: str
    sent: bytes
    """The body of the request."""
    status: int
    received: bytes
    """The body of the answer."""
    link: str = ""
    """The header that leads to the next page."""


@dataclass(frozen=True)
class Call:
    """
    One published call, with all references resolved and all objects closed.
    """

    resource: str
    name: str
    """Method and path template, as published."""
    query: Json
    request: Json | None
    answers: Mapping[int, Json | None]
    """What is answered with each status; none for an empty body."""
    refusals: frozenset[int]
    """Statuses of which nothing but the number is published."""

    @property
    def successes(self) -> frozenset[int]:
        """
        The statuses of an answer that is no refusal.
        """
        return frozenset(status for status in self.answers if status < _REFUSED)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """
        What its method and path look like.
        """
        return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.name)))

    def faults_of_query(self, exchange: Exchange) -> Iterator[str]:
        """
        Say what is wrong with the parameters of the request.
        """
        given = dict(parse_qsl(exchange.query, keep_blank_values=True))
        yield from _faults("query", _typed(given, self.query), self.query)

    def faults_of_body(self, exchange: Exchange) -> Iterator[str]:
        """
        Say what is wrong with the body of the request.
        """
        if self.request is not None:
            yield from _faults_of_body("request", exchange.sent, self.request)
        elif exchange.sent:
            yield "request: a body where none is published"

    def faults_of_answer(self, exchange: Exchange) -> Iterator[str]:
        """
        Say what is wrong with the answer.
        """
        if exchange.status in self.refusals:
            refusal = _SCIM_REFUSAL if "/scim/" in self.name else _REFUSAL
            yield from _faults_of_body("refusal", exchange.received, refusal)
        elif exchange.status not in self.answers:
            yield f"status: {exchange.status} is not published"
        elif (schema := self.answers[exchange.status]) is not None:
            yield from _faults_of_body("answer", exchange.received, schema)
        elif exchange.received:
            yield "answer: a body where none is published"


class Published:
    """
    The definitions, corrected.
    """

    def __init__(self, corrections: Iterable[Correction] = CORRECTIONS) -> None:
        documents = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("definitions/*.json"))}
        for correction in corrections:
            _correct(documents[correction.resource], correction)
        calls = [
            _call(resource, name, operation, document)
            for resource, document in documents.items()
            for name, operation in document["operations"].items()
        ]
        # A name in a path goes before a variable: `/people/me` is nobody's identifier.
        self.calls = tuple(sorted(calls, key=lambda call: call.name.count("{")))

    def find(self, method: str, path: str) -> Call | None:
        """
        Return the call that a request makes. Some paths are published without the prefix that clients use, or with it.
        """
        wanted = f"{method} {_V1.sub('', path)}"
        return next((call for call in self.calls if call.pattern.fullmatch(wanted)), None)


def _call(resource: str, name: str, operation: Json, document: Json) -> Call:
    request, answers = operation.get("request"), operation["answers"]
    return Call(
        resource=resource,
        name=name,
        query=_closed(operation["query"], document),
        request=request and _closed(request, document),
        answers={int(status): schema and _closed(schema, document) for status, schema in answers.items()},
        refusals=frozenset(operation["refusals"]),
    )


def _closed(schema: Json, document: Json) -> Json:
    """
    Resolve references and allow no names but those published; `name*` stands for numbered ones.

    What a correction puts beside a reference takes the place of what the other schema says there.
    """
    if "$ref" in schema:
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        return {**_closed(_step_in(document, _steps(schema["$ref"].removeprefix("#"))), document), **beside}
    whole = dict(schema)
    if "items" in schema:
        whole["items"] = _closed(schema["items"], document)
    if "properties" in schema:
        inner = {name: _closed(each, document) for name, each in schema["properties"].items()}
        whole["properties"] = {name: each for name, each in inner.items() if not name.endswith("*")}
        if numbered := {name.removesuffix("*"): each for name, each in inner.items() if name.endswith("*")}:
            whole["patternProperties"] = {rf"^{re.escape(name)}\d+$": each for name, each in numbered.items()}
        whole["additionalProperties"] = False
    return whole


def _correct(document: Json, correction: Correction) -> None:
    *way, last = _steps(correction.at)
    holder = _step_in(document, way)
    if holder.get(last) != correction.published:
        raise ValueError(f"{correction.resource}{correction.at}: not what was published, or corrected already")
    holder[last] = correction.used


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _step_in(node: Json, way: Iterable[str]) -> Json:
    for step in way:
        node = node[step]
    return node


def _typed(parameters: Mapping[str, str], schema: Json) -> Json:
    typed: Json = {}
    for name, text in parameters.items():
        match schema["properties"].get(name, {}).get("type"):
            case "number" | "integer" if _NUMBER.fullmatch(text):
                typed[name] = int(text)
            case "array":
                typed[name] = text.split(",")
            case "boolean" if text in {"true", "false"}:
                typed[name] = text == "true"
            case _:
                typed[name] = text
    return typed


def _faults_of_body(part: str, body: bytes, schema: Json) -> Iterator[str]:
    try:
        content = json.loads(body)
    except ValueError:
        yield f"{part}: not JSON"
        return
    yield from _faults(part, content, schema)


def _faults(part: str, content: object, schema: Json) -> Iterator[str]:
    for error in Draft202012Validator(schema).iter_errors(content):
        yield f"{part}: {error.json_path}: {error.message[:300]}"
