"""
Reduces OpenAPI definitions to what the sandbox is checked by: names, types, required names and choices, nothing else.

    python tests/conformance/openapi/reduce.py webex-admin.json webex-messaging.json webex-locations.json

writes `definitions/` anew. Where the files come from stands in `SOURCES`. Run it when Cisco publishes new ones, and see
afterwards which of the corrections in `corrections.json` are still needed: the tests say so.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "definitions"

_SPECIFICATIONS = {
    "title": "Webex OpenAPI specifications",
    "by": "Cisco Systems",
    "from": "https://github.com/webex/webex-openapi-specs",
    "commit": "1be8332652c7c3dd34ea8148848c44ddf109a200",
    "licence": "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
    "changes": "Reduced to the calls the sandbox answers, and of those to names, types, required names and choices. "
    "Descriptions, examples, formats and limits are left out. What the checks use instead of a defect of the "
    "definitions stands in ../corrections.json.",
}

SOURCES: Mapping[str, Json] = {
    "webex-admin": {**_SPECIFICATIONS, "file": "public-spec/webex-admin.json"},
    "webex-messaging": {**_SPECIFICATIONS, "file": "public-spec/webex-messaging.json"},
    "webex-locations": {
        **_SPECIFICATIONS,
        "from": "https://github.com/api-evangelist/webex, a split of https://github.com/webex/webex-openapi-specs",
        "commit": "6e2ab381be6b91c31f760638ce835b23e9364c60",
        "file": "openapi/webex-locations-api-openapi.yml",
    },
}
"""
Where the definitions were taken from, by the name of the file given.
"""

_ADMIN, _MESSAGING, _LOCATIONS = SOURCES
_SCIM = "/identity/scim/{orgId}/v2"
_ORGANIZATION = "/identity/organizations/{orgId}"

RESOURCES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "people": (_ADMIN, ("/people", "/people/{personId}", "/people/me")),
    "groups": (_ADMIN, ("/groups", "/groups/{groupId}", "/groups/{groupId}/members")),
    "licenses": (_ADMIN, ("/licenses", "/licenses/{licenseId}", "/licenses/users")),
    "roles": (_ADMIN, ("/roles", "/roles/{roleId}")),
    "organizations": (_ADMIN, ("/organizations", "/organizations/{orgId}", _ORGANIZATION)),
    "settings": (
        _ADMIN,
        ("/settings/organizations/{orgId}/settings/{settingKey}", "/settings/organizations/{orgId}/settings"),
    ),
    "domains": (
        _ADMIN,
        tuple(
            f"{_ORGANIZATION}/actions/{action}"
            for action in (
                "getDomainVerificationToken",
                "verifyDomain",
                "claimDomain",
                "unverifyDomain",
                "unclaimDomain",
            )
        ),
    ),
    "archived_users": (_ADMIN, (f"{_ORGANIZATION}/v1/ArchivedUser/{{useruuid}}",)),
    "tokens": (_ADMIN, ("/authorizations/tokenExpiry", "/applications/{applicationId}/token")),
    "audit": (_ADMIN, ("/adminAudit/events", "/adminAudit/eventCategories")),
    "scim_users": (_ADMIN, (f"{_SCIM}/Users", f"{_SCIM}/Users/{{userId}}", "/identity/scim/v2/Users/me")),
    "scim_groups": (
        _ADMIN,
        (f"{_SCIM}/Groups", f"{_SCIM}/Groups/{{groupId}}", f"{_SCIM}/Groups/{{groupId}}/Members"),
    ),
    "scim_bulk": (_ADMIN, (f"{_SCIM}/Bulk",)),
    "teams": (_MESSAGING, ("/teams", "/teams/{teamId}")),
    "team_memberships": (_MESSAGING, ("/team/memberships", "/team/memberships/{membershipId}")),
    "locations": (_LOCATIONS, ("/locations", "/locations/{locationId}")),
}
"""
What is kept: for each resource the file it stands in, and its paths.
"""

UNANSWERED = frozenset({"DELETE /organizations/{orgId}"})
"""
Calls at those paths that are left out, since the sandbox has nothing for them.
"""

_REFUSED = 400
_WIDTH = 120
_KEPT = ("type", "required", "enum")
_REFERENCE = "#/components/schemas/"


def bare(schema: Json) -> Json:
    """
    Return what is kept of a schema.
    """
    if "$ref" in schema:
        return {"$ref": f"#/schemas/{schema['$ref'].removeprefix(_REFERENCE)}"}
    if len(schema.get("allOf", ())) == 1:
        return bare(schema["allOf"][0])
    kept: Json = {name: schema[name] for name in _KEPT if name in schema}
    if "properties" in schema:
        kept["properties"] = {name: bare(inner) for name, inner in schema["properties"].items()}
    if "items" in schema:
        kept["items"] = bare(schema["items"])
    return kept


def operation(published: Json) -> Json:
    """
    Return what is kept of one call.
    """
    parameters = [each for each in published.get("parameters", ()) if each["in"] == "query"]
    kept: Json = {
        "query": {"type": "object", "properties": {each["name"]: bare(each["schema"]) for each in parameters}}
    }
    if required := [each["name"] for each in parameters if each.get("required")]:
        kept["query"]["required"] = required
    if "requestBody" in published:
        kept["request"] = _content(published["requestBody"])
    answers = {status: _content(answer) for status, answer in published["responses"].items()}
    kept["answers"] = {status: content for status, content in answers.items() if content or int(status) < _REFUSED}
    kept["refusals"] = [int(status) for status in answers if status not in kept["answers"]]
    return kept


def _content(holder: Json) -> Json | None:
    contents = list(holder.get("content", {}).values())
    return bare(contents[0]["schema"]) if contents and "schema" in contents[0] else None


def reduced(published: Json, paths: tuple[str, ...]) -> Json:
    """
    Return the calls at those paths and all schemas they reach.
    """
    operations = {
        f"{method.upper()} {path}": operation(call)
        for path in paths
        for method, call in published["paths"][path].items()
        if f"{method.upper()} {path}" not in UNANSWERED
    }
    schemas: Json = {}
    wanted = set(references(operations))
    while wanted:
        name = wanted.pop()
        schemas[name] = bare(published["components"]["schemas"][name])
        wanted |= set(references(schemas[name])) - schemas.keys()
    return {"operations": operations, "schemas": dict(sorted(schemas.items()))}


def references(node: Any) -> Iterator[str]:
    """
    Name the schemas that something refers to.
    """
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix("#/schemas/")
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from references(inner)


def written(node: Any, indent: str = "", before: int = 0) -> str:
    """
    Write JSON with whatever fits into one line there.
    """
    line = json.dumps(node, ensure_ascii=False)
    if len(indent) + before + len(line) < _WIDTH or not isinstance(node, dict | list):
        return line
    deeper = f"{indent} "
    if isinstance(node, list):
        rows, (start, end) = [written(inner, deeper) for inner in node], "[]"
    else:
        rows = [f"{json.dumps(name)}: {written(inner, deeper, len(name) + 4)}" for name, inner in node.items()]
        start, end = "{}"
    return f"{start}\n" + ",\n".join(f"{deeper}{row}" for row in rows) + f"\n{indent}{end}"


def main(files: list[str]) -> None:
    """
    Write all definitions anew.
    """
    published = {Path(file).stem: json.loads(Path(file).read_text(encoding="utf-8")) for file in files}
    for resource, (source, paths) in RESOURCES.items():
        content = {"source": SOURCES[source], **reduced(published[source], paths)}
        (FOLDER / f"{resource}.json").write_text(f"{written(content)}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
