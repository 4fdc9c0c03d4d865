"""
Forms: which fields there are, what a browser sends, and what was wrong with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from webex_connector.base.secret import Secret
from webex_connector.gateway.http import NotUnderstood, body_of
from webex_connector.icf.configuration import Mistake, Property

LONGEST: Final = 64 * 1024
"""
How many bytes a form may have.
"""

_FIELDS: Final = 100

LABELS: Final = {
    "clientId": "Client ID",
    "clientSecret": "Client Secret",
    "serviceUri": "Service URI",
    "tokenEndpoint": "Token Endpoint",
    "maximumConnections": "Maximum Connections",
    "connectionTimeout": "Connection Timeout",
    "scope": "Scopes",
}
"""
The fields of the set-up, as ForgeRock's page for this application names them.
"""

ADVANCED: Final = frozenset({"maximumConnections", "connectionTimeout", "scope"})
"""
Those that are folded away.
"""

HINTS: Final = {
    "clientId": "The integration's, from its page at developer.webex.com.",
    "clientSecret": "The integration's; Webex shows it once. It is stored sealed and never shown again.",
    "serviceUri": "The Webex API, version included. Leave it empty for Webex's own.",
    "tokenEndpoint": "Where access tokens are asked for. Leave it empty for Webex's own.",
    "maximumConnections": "Connections to Webex at the same time.",
    "connectionTimeout": "Seconds until a connection to Webex stands.",
    "scope": "What Webex is asked for, apart by spaces. Leave it empty to ask for what the first step lists.",
}
"""
What stands below each field.
"""

USUAL: Final = {
    "serviceUri": "https://webexapis.com/v1",
    "tokenEndpoint": "https://webexapis.com/v1/access_token",
}
"""
What is shown as an example where nothing has to be given.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field as it is shown.
    """

    name: str
    label: str
    help: str
    value: str
    """
    Empty for a secret: none is ever shown.
    """
    placeholder: str
    secret: bool
    problem: str
    advanced: bool
    number: bool


async def sent(request: Request) -> dict[str, str]:
    """
    Return the fields of a form. Raises NotUnderstood, BodyTooLarge.
    """
    body = await body_of(request, LONGEST)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS))
    except ValueError:
        raise NotUnderstood("This is no form of this page") from None


def fields(
    properties: Mapping[str, Property],
    known: Mapping[str, object],
    given: Mapping[str, str],
    mistakes: Iterable[Mistake] = (),
) -> list[Field]:
    """
    Return the fields of the set-up: `known` are the values in force, `given` what was typed before.
    """
    problems = {each.property: each.problem for each in mistakes}
    return [_field(properties[name], known.get(name), given.get(name), problems.get(name, "")) for name in LABELS]


def values(
    properties: Mapping[str, Property], given: Mapping[str, str], known: Mapping[str, object]
) -> dict[str, object]:
    """
    Return what was typed as values to lay over those in force. What is as it was, is left out.
    """
    found: dict[str, object] = {}
    for name in given.keys() & LABELS.keys():
        text = given[name].strip()
        if properties[name].secret:
            if text:
                found[name] = Secret(text)
        elif text != _shown(known.get(name)):
            found[name] = text or None
    return found


def _field(fact: Property, known: object, given: str | None, problem: str) -> Field:
    return Field(
        fact.name,
        LABELS[fact.name],
        HINTS[fact.name],
        "" if fact.secret else given if given is not None else _shown(known),
        "Stored; leave it empty to keep it" if fact.secret and known else USUAL.get(fact.name, ""),
        fact.secret,
        problem,
        fact.name in ADVANCED,
        fact.type.value == "integer",
    )


def _shown(known: object) -> str:
    return "" if known is None else str(known)
