"""
The request headers of the REST door.
"""

from base64 import b64encode

import pytest
from starlette.datastructures import Headers

from webex_connector.base.secret import Secret
from webex_connector.gateway.authorization import Login
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.headers import (
    Preconditions,
    Version,
    login_of,
    method_of,
    preconditions_of,
    refuse_content_type,
    refuse_preconditions,
    version_of,
)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("", Version()),
        ("resource=1.0", Version((1, 0))),
        ("protocol=2.2,resource=1.0", Version((1, 0), (2, 2))),
        (" resource = 1 , protocol = 2.0", Version((1, 0), (2, 0))),
        ("protocol=1.0", Version((1, 0), (1, 0))),
    ],
)
def test_versions_are_read_in_any_order(text: str, version: Version) -> None:
    """
    Both parts of Accept-API-Version are optional.
    """
    assert version_of(Headers({"Accept-API-Version": text})) == version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("resource=2.0", "Unsupported major version: resource=2.0"),
        ("resource=1.1", "Unsupported minor version: resource=1.1"),
        ("protocol=3.0", "Unsupported major version: protocol=3.0"),
        ("protocol=2.3", "Unsupported minor version: protocol=2.3"),
        ("1.0", "The header Accept-API-Version cannot be understood: 1.0"),
        ("resource=1.0,resource=1.0", "The header Accept-API-Version cannot be understood: resource=1.0,resource=1.0"),
    ],
)
def test_versions_we_do_not_have_are_refused(text: str, message: str) -> None:
    """
    A newer version than ours, and nonsense, are refused with the upstream's words.
    """
    with pytest.raises(Problem) as caught:
        version_of(Headers({"Accept-API-Version": text}))
    assert (caught.value.code, caught.value.message) == (400, message)


def _basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "login"),
    [
        ({"X-OpenIDM-Username": "ida", "X-OpenIDM-Password": "p"}, Login("ida", Secret("p"))),
        ({"X-OpenIDM-Username": "UTF-8''Zo%C3%AB", "X-OpenIDM-Password": "p"}, Login("Zoë", Secret("p"))),
        ({"X-OpenIDM-Username": "Zoë".encode().decode("latin-1"), "X-OpenIDM-Password": ""}, Login("Zoë", Secret(""))),
        ({"X-OpenIDM-Username": "Zo\xeb", "X-OpenIDM-Password": "p"}, Login("Zoë", Secret("p"))),
        (_basic("Zoë:a:b"), Login("Zoë", Secret("a:b"))),
        ({"Authorization": "basic " + b64encode(b"i:p").decode()}, Login("i", Secret("p"))),
        ({"X-OpenIDM-Username": "ida"} | _basic("bob:q"), Login("bob", Secret("q"))),
        ({}, None),
        ({"Authorization": "Bearer abc"}, None),
        ({"Authorization": "Basic ???"}, None),
        ({"Authorization": "Basic /w=="}, None),
        (_basic("no colon"), None),
    ],
)
def test_log_ins_are_read_from_either_header(headers: dict[str, str], login: Login | None) -> None:
    """
    The two OpenIDM headers, in any of their encodings, go before Basic; what cannot be read is no log-in.
    """
    assert login_of(Headers(headers)) == login


def test_a_post_may_stand_for_another_method() -> None:
    """
    The override counts on POST alone, and only for methods there are.
    """
    override = Headers({"X-HTTP-Method-Override": "patch"})
    assert method_of("POST", override) == "PATCH"
    assert method_of("GET", override) == "GET"
    with pytest.raises(Problem, match="Method TRACE not supported"):
        method_of("POST", Headers({"X-HTTP-Method-Override": "TRACE"}))
    with pytest.raises(Problem, match="Method HEAD not supported"):
        method_of("HEAD", Headers({}))


@pytest.mark.parametrize(("header", "revision"), [('"abc"', "abc"), ("abc", "abc"), ("*", "*"), ('W/"abc"', "abc")])
def test_revisions_come_with_or_without_quotes(header: str, revision: str) -> None:
    """
    Quotes and the mark of weak validators are stripped.
    """
    assert preconditions_of(Headers({"If-Match": header})) == Preconditions(match=revision)
    assert preconditions_of(Headers({"If-None-Match": header})) == Preconditions(none_match=revision)


@pytest.mark.parametrize("name", ["If-Modified-Since", "If-Unmodified-Since"])
def test_preconditions_by_date_are_a_conflict(name: str) -> None:
    """
    This interface knows revisions only.
    """
    with pytest.raises(Problem) as caught:
        preconditions_of(Headers({name: "Mon, 02 Nov 2026 08:00:00 GMT"}))
    assert (caught.value.code, caught.value.message) == (
        409,
        f"Header {name} not supported; use If-Match with a revision",
    )


def test_preconditions_are_refused_where_they_make_no_sense() -> None:
    """
    Only the allowed one passes.
    """
    refuse_preconditions(Preconditions(match="a"), "patch", match=True)
    refuse_preconditions(Preconditions(none_match="a"), "read", none_match=True)
    for given in (Preconditions(match="a"), Preconditions(none_match="a")):
        with pytest.raises(Problem) as caught:
            refuse_preconditions(given, "query")
        assert caught.value.code == 412


@pytest.mark.parametrize(
    "text", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_in_utf_8_is_taken(text: str) -> None:
    """
    The content type may name the character set, in any case.
    """
    refuse_content_type(Headers({"Content-Type": text}))


@pytest.mark.parametrize("text", ["", "text/plain", "application/json; charset=latin-1", "multipart/form-data"])
def test_other_content_is_refused(text: str) -> None:
    """
    Everything but JSON in UTF-8 is refused, naming what came.
    """
    with pytest.raises(Problem, match="Content-Type is not application/json"):
        refuse_content_type(Headers({"Content-Type": text}))
