"""
A token request, read: what is asked for, and how the client shows who it is. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from webex_connector.base.secret import Secret
from webex_connector.gateway.authorization import Headers, Login, basic_of
from webex_connector.gateway.oauth.problems import Fault, Problem, refused_client

FORM: Final = "application/x-www-form-urlencoded"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""
How a client says that it shows a signed assertion (RFC 7523, section 2.2).
"""

_MOST_FIELDS: Final = 50


class Grant(Enum):
    """
    What a token can be asked for with.
    """

    CLIENT_CREDENTIALS = "client_credentials"
    JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    """
    RFC 7523, section 2.1.
    """


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A token request.
    """

    grant: Grant
    scope: tuple[str, ...]
    client_id: str | None
    login: Login | None
    """
    The client's name and secret, wherever they stood.
    """
    client_assertion: str | None
    assertion: str | None
    """
    What is exchanged for a token, with the grant JWT_BEARER.
    """


def asked_in(content_type: str, body: bytes, headers: Headers) -> Asked:
    """
    Return what a request asks. Raises Problem.
    """
    fields = _fields(content_type, body)
    grant_type = _required(fields, "grant_type")
    grant = next((each for each in Grant if each.value == grant_type), None)
    if grant is None:
        there = " and ".join(each.value for each in Grant)
        raise Problem(Fault.UNSUPPORTED_GRANT_TYPE, f"The grant type {grant_type} is not known; there are {there}")
    login = _login(fields, headers)
    client_assertion = fields.get("client_assertion")
    if (client_assertion is None) != ("client_assertion_type" not in fields):
        raise Problem(Fault.INVALID_REQUEST, "client_assertion and client_assertion_type go together")
    if client_assertion is not None and fields["client_assertion_type"] != ASSERTION_TYPE:
        raise Problem(Fault.INVALID_REQUEST, f"client_assertion_type must be {ASSERTION_TYPE}")
    if login is not None and client_assertion is not None:
        raise Problem(Fault.INVALID_REQUEST, "The client shows who it is in more than one way; one is enough")
    if grant is Grant.CLIENT_CREDENTIALS and login is None and client_assertion is None:
        raise refused_client("The client's name and secret are missing: in the Authorization header, or in the body")
    return Asked(
        grant,
        tuple(fields.get("scope", "").split()),
        fields.get("client_id"),
        login,
        client_assertion,
        _required(fields, "assertion") if grant is Grant.JWT_BEARER else None,
    )


def _fields(content_type: str, body: bytes) -> Mapping[str, str]:
    """
    Return the fields of the body; those without a value are as if they were not there (RFC 6749, section 3.2).
    """
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise Problem(Fault.INVALID_REQUEST, f"The body must be {FORM}")
    try:
        pairs = parse_qsl(body.decode(), errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Problem(Fault.INVALID_REQUEST, f"The body cannot be read as {FORM}") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Problem(Fault.INVALID_REQUEST, "A field stands in the body more than once")
    return fields


def _required(fields: Mapping[str, str], name: str) -> str:
    if name not in fields:
        raise Problem(Fault.INVALID_REQUEST, f"The field {name} is missing")
    return fields[name]


def _login(fields: Mapping[str, str], headers: Headers) -> Login | None:
    secret, name = fields.get("client_secret"), fields.get("client_id")
    if "authorization" in headers:
        basic = basic_of(headers)
        if basic is None:
            raise refused_client("The Authorization header cannot be read; Basic with name and secret is wanted")
        if secret is not None:
            raise Problem(Fault.INVALID_REQUEST, "The client shows who it is in more than one way; one is enough")
        # Both are encoded as in a form before they are joined (RFC 6749, section 2.3.1).
        found = Login(unquote_plus(basic.name), Secret(unquote_plus(basic.password.reveal())))
        if name is not None and name != found.name:
            raise Problem(Fault.INVALID_REQUEST, "client_id is not the name in the Authorization header")
        return found
    if secret is None:
        return None
    if name is None:
        raise Problem(Fault.INVALID_REQUEST, "The field client_id is missing; it goes with client_secret")
    return Login(name, Secret(secret))
