"""
What clients look at first.
"""

from importlib.metadata import version

import pytest

from fakes.idm_door import Rig


@pytest.mark.parametrize("path", ["/openidm/info/ping", "/info/ping/"])
async def test_ping_says_ready_when_there_is_a_system(rig: Rig, path: str) -> None:
    """
    The state is upstream's word for it.
    """
    answer = await rig.send("GET", path)
    assert answer.json() == {"_id": "", "shortDesc": "webex-connector serves 1 systems", "state": "ACTIVE_READY"}
    rig.systems.clear()
    assert (await rig.send("GET", path)).json()["state"] == "ACTIVE_NOT_READY"


async def test_login_says_who_the_caller_is(rig: Rig) -> None:
    """
    A client of everything has the administrator's role, a reader has not.
    """
    answer = await rig.send("GET", "/openidm/info/login")
    assert answer.json() == {
        "_id": "login",
        "authenticationId": "ida",
        "authorization": {
            "id": "ida",
            "component": "internal/user",
            "roles": ["internal/role/openidm-authorized", "internal/role/openidm-admin"],
        },
    }
    reader = await rig.send("GET", "/openidm/info/login", X_OpenIDM_Username="reader")
    assert reader.json()["authorization"]["roles"] == ["internal/role/openidm-authorized"]


async def test_version_names_this_product(rig: Rig) -> None:
    """
    The version is that of the installed package.
    """
    answer = await rig.send("GET", "/openidm/info/version")
    assert answer.json() == {
        "_id": "version",
        "productName": "webex-connector",
        "productVersion": version("webex-connector"),
    }


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/openidm/info/uiconfig"), ("GET", "/info"), ("PUT", "/info/ping")]
)
async def test_there_is_nothing_else(rig: Rig, method: str, path: str) -> None:
    """
    Other pages and methods are not found.
    """
    answer = await rig.send(method, path)
    assert (answer.status_code, answer.json()["message"]) == (404, f"Resource '{path}' not found")


async def test_it_takes_a_log_in(rig: Rig) -> None:
    """
    Nobody learns anything without one.
    """
    assert (await rig.send("GET", "/openidm/info/ping", X_OpenIDM_Password="wrong")).status_code == 401
