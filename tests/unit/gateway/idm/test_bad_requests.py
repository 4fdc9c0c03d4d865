"""
Bad addresses, methods, headers and parameters: the exact answer to each, and that nothing changes.
"""

from typing import Any

import pytest

from fakes.idm_door import PEOPLE, Rig
from webex_connector.gateway.idm.bodies import BY_NAME_ONLY

ONE = f"{PEOPLE}/P-0001"
ON_ONE = "test, liveSync, script, authenticate"
ON_ALL = (
    "test, testConfig, availableConnectors, createCoreConfig, createFullConfig, createConfiguration, liveSync, "
    "authenticate"
)

BAD: list[tuple[str, str, Any, dict[str, str], int, str]] = [
    ("GET", "/openidm/config", None, {}, 404, "Resource '/openidm/config' not found"),
    ("GET", "/system//x", None, {}, 404, "Resource '/system//x' not found"),
    ("GET", "/scim/v2/Users", None, {}, 404, "Resource '/scim/v2/Users' not found"),
    ("GET", "/openidm/system/nope/ROLES/1", None, {}, 404, "System: nope is not available."),
    ("POST", "/openidm/system/nope?_action=test", None, {}, 404, "System: nope is not available."),
    (
        "GET",
        "/openidm/system/webex/THINGS/1",
        None,
        {},
        404,
        "Not found: THINGS. There are: __ACCOUNT__, __GROUP__, ROLES, LICENSES, __ALL__",
    ),
    ("GET", f"{PEOPLE}/absent", None, {}, 404, "Object absent not found on __ACCOUNT__"),
    ("PUT", f"{PEOPLE}/absent", {"title": "x"}, {}, 404, "Object absent not found on __ACCOUNT__"),
    ("PUT", f"{PEOPLE}/absent", {}, {}, 404, "Object absent not found on __ACCOUNT__"),
    ("PATCH", f"{PEOPLE}/absent", [], {}, 404, "Object absent not found on __ACCOUNT__"),
    ("DELETE", f"{PEOPLE}/absent", None, {}, 404, "Object absent not found on __ACCOUNT__"),
    ("OPTIONS", ONE, None, {}, 501, "Method OPTIONS not supported"),
    ("TRACE", ONE, None, {}, 501, "Method TRACE not supported"),
    ("POST", ONE, {}, {"X_HTTP_Method_Override": "LOCK"}, 501, "Method LOCK not supported"),
    ("GET", "/system", None, {}, 501, "Method GET not supported on system; POST with _action is"),
    ("PUT", "/system/webex", {}, {}, 501, "Method PUT not supported on system/webex; POST with _action is"),
    ("POST", "/system/webex", None, {}, 400, f"Unsupported action on system/webex: none. Supported: {ON_ONE}"),
    (
        "POST",
        "/system/webex?_action=x",
        None,
        {},
        400,
        f"Unsupported action on system/webex: x. Supported: {ON_ONE}",
    ),
    ("POST", "/system?_action=lock", None, {}, 400, f"Unsupported action on system: lock. Supported: {ON_ALL}"),
    (
        "POST",
        f"{PEOPLE}?_action=lock",
        None,
        {},
        400,
        "Unsupported action on __ACCOUNT__: lock. Supported: create, liveSync, authenticate",
    ),
    ("POST", f"{ONE}?_action=lock", None, {}, 400, "Unsupported action on P-0001: lock. Supported: none"),
    ("POST", ONE, {}, {}, 400, "Unsupported action on P-0001: none. Supported: none"),
    (
        "GET",
        PEOPLE,
        None,
        {},
        400,
        (
            "The resource collection __ACCOUNT__ cannot be read. "
            "One of _queryId, _queryExpression, or _queryFilter is required."
        ),
    ),
    ("PUT", PEOPLE, {}, {}, 400, "The resource collection __ACCOUNT__ cannot be updated"),
    ("PATCH", PEOPLE, [], {}, 400, "The resource collection __ACCOUNT__ cannot be patched"),
    ("DELETE", PEOPLE, None, {}, 400, "The resource collection __ACCOUNT__ cannot be deleted"),
    ("GET", f"{ONE}?_queryFilter=true", None, {}, 400, "The resource instance P-0001 cannot be queried"),
    ("DELETE", "/system/webex/ROLES/Role-full", None, {}, 501, "ROLES does not support DELETE"),
    ("GET", "/system/webex/__ALL__?_queryFilter=true", None, {}, 501, "__ALL__ does not support SEARCH"),
    ("GET", ONE, None, {"Accept_API_Version": "resource=2.0"}, 400, "Unsupported major version: resource=2.0"),
    ("GET", ONE, None, {"If_Match": "*"}, 412, "If-Match not supported for read requests"),
    ("GET", ONE, None, {"If_None_Match": "*"}, 412, "If-None-Match not supported for read requests"),
    ("GET", f"{PEOPLE}?_queryId=x", None, {"If_Match": "*"}, 412, "If-Match not supported for query requests"),
    ("POST", PEOPLE, {}, {"If_None_Match": "*"}, 412, "If-None-Match not supported for create requests"),
    ("POST", "/system?_action=test", None, {"If_Match": "*"}, 412, "If-Match not supported for action requests"),
    ("PATCH", ONE, [], {"If_None_Match": "x"}, 412, "If-None-Match not supported for patch requests"),
    ("DELETE", ONE, None, {"If_None_Match": "x"}, 412, "If-None-Match not supported for delete requests"),
    ("PUT", ONE, {}, {"If_None_Match": "*"}, 412, "There is an object P-0001 on __ACCOUNT__ already"),
    ("PUT", f"{PEOPLE}/absent", {}, {"If_None_Match": "*"}, 501, BY_NAME_ONLY),
    ("PUT", ONE, {}, {"If_None_Match": "x"}, 400, '"x" is not a supported value for If-None-Match on PUT'),
    (
        "PUT",
        ONE,
        {},
        {"If_None_Match": "x", "If_Match": "x"},
        412,
        "Simultaneous use of If-Match and If-None-Match not supported for PUT requests",
    ),
    (
        "DELETE",
        ONE,
        None,
        {"If_Unmodified_Since": "x"},
        409,
        "Header If-Unmodified-Since not supported; use If-Match with a revision",
    ),
    (
        "DELETE",
        f"{ONE}?_dryrunn=true",
        None,
        {},
        400,
        (
            "Unknown request parameter '_dryrunn'; there are _action, _api, _countOnly, _crestapi, _deltas, _dryRun, "
            "_fields, _locale, _mimeType, _pageSize, _pagedResultsCookie, _pagedResultsOffset, _prettyPrint, "
            "_queryExpression, _queryFilter, _queryId, _scriptId, _sortKeys, _syncToken, _totalPagedResultsPolicy"
        ),
    ),
    (
        "DELETE",
        f"{ONE}?_dryRun=ture",
        None,
        {},
        400,
        "The value 'ture' for parameter '_dryRun' could not be parsed as a valid boolean",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "headers", "code", "message"), BAD)
async def test_a_bad_request_is_named_and_changes_nothing(
    rig: Rig,
    method: str,
    path: str,
    body: Any,
    headers: dict[str, str],
    code: int,
    message: str,
) -> None:
    """
    Each kind of bad request has its code and its words, and the world stays as it was.
    """
    before = repr(rig.connector.world)
    answer = await rig.send(method, path, body, **headers)
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (code, code, message)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert before == repr(rig.connector.world)
