"""
The OpenAPI document that the door serves.
"""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fakes.scim_door import scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.dialects import Dialect, Groups
from webex_connector.gateway.scim.manner import Manner

WRITTEN = ({"get", "post"}, {"parameters", "get", "put", "patch", "delete"})
READ_ONLY = ({"get"}, {"parameters", "get"})


def _at(document: Any, reference: str) -> Any:
    for name in reference.removeprefix("#/").split("/"):
        document = document[name]
    return document


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()


@pytest.mark.parametrize("groups", Groups)
async def test_it_names_what_there_is(groups: Groups, clock: Clock) -> None:
    """
    The endpoints of the resource types with the methods that each has, and nothing that leads nowhere.
    """
    async with scim_door(clock, Manner(groups=groups), teams=True) as door:
        answer = await door.send("GET", "/openapi.json")
        types = (await door.get("/ResourceTypes"))["Resources"]
    document = answer.json()
    assert ("application/json", "3.1.0") == (answer.headers["content-type"], document["openapi"])
    for each in types:
        collection, one = (document["paths"][f"{each['endpoint']}{rest}"] for rest in ("", "/{id}"))
        wanted = READ_ONLY if each["id"] in {"Role", "Profiles"} else WRITTEN
        assert wanted == (collection.keys(), one.keys())
    assert all(_at(document, each) for each in _references(document))
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("dialect", Dialect)
async def test_answers_are_as_it_says(dialect: Dialect, clock: Clock) -> None:
    """
    Every list, and an error; a resource with something that it does not describe is not.
    """
    async with scim_door(clock, Manner(dialect=dialect, groups=Groups.BOTH), teams=True, road="scim") as door:
        document = (await door.send("GET", "/openapi.json")).json()
        types = (await door.get("/ResourceTypes"))["Resources"]
        lists = {each["id"]: await door.get(each["endpoint"]) for each in types}
        error = (await door.send("GET", "/Users/nobody")).json()

    def check(name: str, value: Any) -> bool:
        schema = {**document["components"]["schemas"][name], "components": document["components"]}
        return Draft202012Validator(schema).is_valid(value)

    assert check("Error", error)
    for name, each in lists.items():
        assert each["Resources"] or name == "Team"
        assert check(f"{name}List", each), name
        assert not each["Resources"] or not check(name, {**each["Resources"][0], "madeUp": 1})
    assert check("UserWritten", {"userName": "a@example.com", "title": None})
    assert not check("UserWritten", {"title": "x"})
    assert not check("Error", {"detail": "x"})


async def test_who_is_nobody_does_not_see_it(clock: Clock) -> None:
    """
    It stands behind the same log in as everything else, and cannot be written.
    """
    async with scim_door(clock) as door:
        address = f"{door.address}/webex/v2/openapi.json"
        assert 401 == (await door.http.get(address, headers={"Authorization": "Bearer wrong"})).status_code
        assert 405 == (await door.send("PUT", "/openapi.json", {})).status_code
        assert 404 == (await door.send("GET", "/openapi.json/x")).status_code


async def test_a_method_that_is_not_there_is_told_before_its_body_is_read(clock: Clock) -> None:
    """
    Without a body too, and with one that is no JSON.
    """
    async with scim_door(clock) as door:
        for path in ("/Users", "/Roles", "/Roles/x"):
            assert 405 == (await door.send("PUT", path)).status_code, path
        answer = await door.http.put(f"{door.address}/webex/v2/Bulk", content=b"{", headers={"Content-Type": "text/x"})
        assert (405, "POST") == (answer.status_code, answer.headers["allow"])
