"""
The published rules of the Meetings XML API as data (tests/conformance/meetings_xml), and what breaks them.

A rule is a name, how often it stands there (`1`, `?`, `*`, `+`) and what it holds: `text`, `text<=64`, `flag`, `int`,
`moment`, a choice `A|B`, `@type`, or `any`. The order of the rules is that of the elements.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

FOLDER = Path(__file__).parent.parent / "conformance" / "meetings_xml"

_ROOT = "http://www.webex.com/schemas/2002/06"
NAMESPACES = {
    "serv": f"{_ROOT}/service",
    "com": f"{_ROOT}/common",
    "use": f"{_ROOT}/service/user",
    "site": f"{_ROOT}/service/site",
    "mtgtype": f"{_ROOT}/service/meetingtype",
    "ep": f"{_ROOT}/service/ep",
}
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SIMPLE = {
    "int": re.compile(r"-?\d+"),
    "flag": re.compile(r"true|false|TRUE|FALSE"),
    "moment": re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d"),
    "text": re.compile(r"(?s).*"),
}
_OPERATION = re.compile(r"java:com\.webex\.service\.binding\.(\w+)\.(\w+)")
_CONTEXT = ("webExID", "password", "siteID", "siteName", "partnerID", "email", "sessionTicket", "webExAccessToken")
# Only LstsummaryUser's examples prefix the children of listControl; everything else in a request has no prefix.
_MAY_BE_PREFIXED = {"startFrom", "maximumNum", "listMethod"}


@dataclass(frozen=True)
class Rule:
    """
    One element.
    """

    name: str
    namespace: str
    often: str
    kind: str


@dataclass
class Type:
    """
    A sequence of elements.
    """

    rules: list[Rule] = field(default_factory=list)


def _read(text: str, types: dict[str, Type]) -> None:
    now, prefix = Type(), ""
    for line in filter(None, (line.partition("#")[0].strip() for line in text.splitlines())):
        word, *rest = line.split()
        if word == "type":
            name, prefix, *base = rest
            now = types[name] = Type([rule for each in base for rule in types[each].rules])
        elif word == "flags":
            now.rules += [Rule(name, NAMESPACES[prefix], "?", "flag") for name in rest]
        else:
            own, _, name = word.rpartition(":")
            now.rules.append(Rule(name, NAMESPACES[own or prefix], *rest))


def published() -> Mapping[str, Type]:
    """
    Return all types by name.
    """
    types: dict[str, Type] = {}
    for file in sorted(FOLDER.glob("*.rules"), reverse=True):
        _read(file.read_text(encoding="utf-8"), types)
    return types


@dataclass(frozen=True)
class Judge:
    """
    Holds documents against the rules.
    """

    types: Mapping[str, Type]

    def of_answer(self, body: bytes) -> list[str]:
        """
        Return what is wrong with an answer.
        """
        root = ET.fromstring(body)  # noqa: S314 - made by the sandbox
        serv = f"{{{NAMESPACES['serv']}}}"
        response, content = root.find(f"{serv}header/{serv}response"), root.find(f"{serv}body/{serv}bodyContent")
        if root.tag != f"{serv}message" or response is None or content is None:
            return ["no envelope"]
        said = [child.tag.removeprefix(serv) for child in response]
        result = response.findtext(f"{serv}result")
        wrong = [] if result in {"SUCCESS", "FAILURE"} else [f"result is {result}"]
        order = ("result", "reason", "gsbStatus", "exceptionID", "subErrors", "value")
        if said != [name for name in order if name in said]:
            wrong.append(f"response: {said}")
        if result == "FAILURE":
            code = response.findtext(f"{serv}exceptionID") or ""
            wrong += [] if re.fullmatch(r"\w{6}", code) else [f"exceptionID is {code!r}"]
            return wrong + (["a failure with content"] if len(content) or content.attrib else [])
        return [*wrong, *self.of(content, content.attrib.get(_TYPE, "").rpartition(":")[2], prefixed=True)]

    def of_request(self, body: bytes) -> list[str]:
        """
        Return what is wrong with a request. Cisco's examples write everything below the root without a prefix.
        """
        root = ET.fromstring(body)  # noqa: S314 - made by the client
        context, content = root.find("header/securityContext"), root.find("body/bodyContent")
        if root.tag != f"{{{NAMESPACES['serv']}}}message" or context is None or content is None:
            return ["no envelope"]
        names = [child.tag for child in context]
        wrong = [] if names == [name for name in _CONTEXT if name in names] else [f"securityContext: {names}"]
        found = _OPERATION.fullmatch(content.attrib.get(_TYPE, ""))
        if found is None:
            return [*wrong, "no operation"]
        name = found[2]
        return [*wrong, *self.of(content, name[0].lower() + name[1:], prefixed=False)]

    def of(self, node: ET.Element, name: str, *, prefixed: bool) -> Iterator[str]:
        """
        Yield what in an element does not fit a type.
        """
        kind = self.types.get(name)
        if kind is None:
            yield f"no type {name}"
            return
        rules = {rule.name: place for place, rule in enumerate(kind.rules)}
        reached, seen = 0, Counter[str]()
        for child in node:
            uri, _, local = child.tag.removeprefix("{").rpartition("}")
            place = rules.get(local)
            if place is None:
                yield f"{name} has no {local}"
                continue
            rule = kind.rules[place]
            allowed = {rule.namespace} if prefixed else {"", rule.namespace} if local in _MAY_BE_PREFIXED else {""}
            if uri not in allowed:
                yield f"{name}/{local} is of the namespace {uri or 'none'}"
            if place < reached:
                yield f"{name}/{local} comes too late"
            reached = max(reached, place)
            seen[local] += 1
            yield from self._value(child, f"{name}/{local}", rule, prefixed=prefixed)
        for rule in kind.rules:
            if rule.often in "1?" and seen[rule.name] > 1:
                yield f"{name}/{rule.name} more than once"
            if rule.often in "1+" and not seen[rule.name]:
                yield f"{name}/{rule.name} is missing"

    def _value(self, node: ET.Element, path: str, rule: Rule, *, prefixed: bool) -> Iterator[str]:
        if rule.kind == "any":
            return
        if rule.kind.startswith("@"):
            yield from self.of(node, rule.kind[1:], prefixed=prefixed)
            return
        text, (kind, _, limit) = node.text or "", rule.kind.partition("<=")
        if len(node):
            yield f"{path} has elements"
        if limit and len(text) > int(limit):
            yield f"{path} is too long"
        fits = _SIMPLE[kind].fullmatch(text) if kind in _SIMPLE else text in kind.split("|")
        if not fits:
            yield f"{path} is {text!r}"
