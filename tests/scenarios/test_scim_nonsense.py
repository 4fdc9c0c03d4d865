"""
Filters, PATCH bodies and cursors put together at random, over a socket: whatever is sent, the door is not at fault.
"""

import random
from typing import Any

import pytest

from fakes.scim_door import scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.patch import PATCH_URN
from webex_connector.gateway.scim.users import ENTERPRISE_URN

ROUNDS = 80
_WORDS = (
    *(
        "userName",
        "emails",
        "emails.value",
        "active",
        "title",
        "name",
        "name.formatted",
        "meta.created",
        "roles",
        "nope",
    ),
    *("addresses.country", "phoneNumbers", "externalId", "id", "manager", "members", f"{ENTERPRISE_URN}:department"),
    *(
        "eq",
        "ne",
        "co",
        "sw",
        "pr",
        "gt",
        "and",
        "or",
        "not",
        "(",
        ")",
        "[",
        "]",
        "emails[",
        'type eq "work"',
        "].value",
    ),
    *('"ann@example.com"', '"x"', '"\\u0000"', "true", "null", "1", '"2026-01-01T00:00:00Z"', '"', "'", "\u00fc", ""),
)
_PATHS = (
    *(None, "", "userName", "emails", 'emails[type eq "work"].value', "active", "title", "name.givenName", "manager"),
    *('phoneNumbers[type eq "mobile"].value', "phoneNumbers", 'addresses[type eq "work"].country', "roles", "nope", 7),
    *('roles[primary eq "True"].value', "entitlements", "photos", ENTERPRISE_URN, "meta", "id", "a b", "externalId"),
)
_VALUES: tuple[Any, ...] = (
    *(None, "", "x", "True", False, 0, 1.5, [], {}, [None], [[]], ["x"], {"value": "x"}, [{"value": None}], {"a": {}}),
    *(
        {"name": {"givenName": "Z"}},
        {"title": ["x", "y"]},
        [{"type": "work", "value": 5}],
        {"active": "maybe"},
        "{",
        "[1",
    ),
)


def _operation(dice: random.Random) -> dict[str, Any]:
    op = dice.choice(["add", "Replace", "remove", "REMOVE", "move", None])
    return {"op": op, "path": dice.choice(_PATHS), "value": dice.choice(_VALUES)}


@pytest.mark.parametrize("seed", range(2))
async def test_no_filter_and_no_cursor_breaks_the_door(clock: Clock, seed: int) -> None:
    """
    A list, or a 400 with its kind; never a 500.
    """
    dice = random.Random(seed)  # noqa: S311 - the same nonsense each time
    async with scim_door(clock) as door:
        cursor = (await door.get("/Users", cursor="", count=5))["nextCursor"]
        for _ in range(ROUNDS):
            text = " ".join(dice.choices(_WORDS, k=dice.randint(1, 7)))
            at = dice.randrange(len(cursor))
            wrong = cursor[:at] + dice.choice("AB-_~.%\u00fc") + cursor[at + dice.randint(0, 2) :]
            for parameters in ({"filter": text}, {"cursor": wrong, "count": "5"}):
                answer = await door.http.get(f"{door.address}/webex/v2/Users", params=parameters)
                assert answer.status_code in {200, 400}, (parameters, answer.text)
                assert answer.status_code == 200 or answer.json()["scimType"] in {"invalidFilter", "invalidCursor"}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("road", ["people", "scim"])
async def test_no_patch_breaks_the_door(clock: Clock, seed: int, road: str) -> None:
    """
    The user as they are then, or a 400 with its kind; what is refused has changed nothing, unless it says so.
    """
    dice = random.Random(seed)  # noqa: S311 - the same nonsense each time
    async with scim_door(clock, road=road) as door:
        address = f"/Users/{door.uid_of(door.people()[3].email)}"
        seen = await door.get(address)
        for _ in range(ROUNDS):
            operations = [_operation(dice) for _ in range(dice.randint(1, 3))]
            answer = await door.send("PATCH", address, {"schemas": [PATCH_URN], "Operations": operations})
            assert answer.status_code in {200, 400}, (operations, answer.text)
            if answer.status_code == 400:
                assert "scimType" in answer.json(), answer.text
                half = answer.json()["detail"].startswith(
                    "Not everything could be done, and what could be stays done. "
                )
                assert half or seen == await door.get(address), operations
            seen = await door.get(address)
