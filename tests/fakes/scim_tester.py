"""
Two conformance tools from outside, run against a server: what they check, and what came of it.

scim2-tester: https://scim2-tester.readthedocs.io, scim-sanity: https://github.com/thomaselliottbetz/scim-sanity
"""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, get_args

import httpx2
from pydantic import BaseModel
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import Mutability
from scim2_tester import CheckResult, check_server

from fakes.scim_house import TOKEN

Results = Mapping[str, str]
"""
Results of checks, by resource type and name of the check.
"""

_PATIENCE = 60
_MANY = 400
_SEED = 7

_TOGETHER = frozenset({"extension", "location_id", "site_urls"})
"""
Attributes that nobody can have without a licence of a certain kind, and that exclude others: the tool, which gives a
new user everything at once, is told that they are read only.
"""


def by_sanity(base: str) -> Results:
    """
    Return what scim-sanity finds at a base URL.
    """
    command = [sys.executable, "-m", "scim_sanity", "probe", base, "--token", TOKEN, "--user-domain", "acme.example"]
    told = subprocess.run(  # noqa: S603 - a tool that is installed with us
        [*command, "--i-accept-side-effects", "--json-output"], capture_output=True, text=True, check=False
    )
    rows = json.loads(told.stdout)["results"]
    return _named((row["name"], row["status"].upper()) for row in rows)


def by_tester(base: str, kinds: list[str] | None) -> Results:
    """
    Return what scim2-tester finds at a base URL, of these resource types or of all.

    It makes its values up by their types. Where Webex takes ids of what exists, and addresses alone, it is given some.
    """
    with httpx2.Client(base_url=base, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=_PATIENCE) as http:
        client = SyncSCIMClient(http)
        client.discover()
        examples = _examples(http)
        for kind in client.provider.resource_types:
            model = client.get_resource_model(str(kind.name))
            assert model is not None
            _teach(model, examples)
        # Whether somebody is to be active is drawn by lot, and some values are chosen so.
        random.seed(_SEED)
        return _named((_title(each), each.status.name) for each in check_server(client, resource_types=kinds))


def _title(result: CheckResult) -> str:
    data = result.data
    attribute = data.get("urn") if isinstance(data, dict) else None
    words = (result.resource_type, result.title, attribute and str(attribute))
    return " ".join(each for each in words if each)


def _named(rows: Iterable[tuple[str, str]]) -> Results:
    """
    Return results by names, numbering those that a tool gives the same one.
    """
    seen = Counter[str]()
    found = dict[str, str]()
    for name, status in rows:
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} #{seen[name]}"] = status
    return found


def _examples(http: httpx2.Client) -> Mapping[str, list[Any]]:
    """
    Return values that Webex takes, by the names of the tool's models.
    """

    def ids(endpoint: str, word: str = "") -> list[str]:
        rows = http.get(endpoint, params={"count": "100"}).json()["Resources"]
        return [each["id"] for each in rows if word in str(each.get("displayName"))][:10]

    people = ids("/Users")
    return {
        **dict.fromkeys(("Members", "Moderators", "Manager"), people),
        "Roles": ids("/Roles"),
        # The others need a telephone number, or bring free licences along that stay.
        "Entitlements": ids("/Profiles", "Messaging"),
    }


def _teach(model: type[BaseModel], examples: Mapping[str, list[Any]]) -> None:
    """
    Give a model and all it is made of examples to choose from.
    """
    if "user_name" in model.model_fields:
        model.model_fields["user_name"].examples = [f"tester-{number}@acme.example" for number in range(_MANY)]
    if model.__name__ in examples:
        model.model_fields["value"].examples = examples[model.__name__]
    if model.__name__ == "PhoneNumbers":
        # Work numbers come with a calling licence.
        model.model_fields["type"].examples = ["mobile"]
    for name in _TOGETHER & model.model_fields.keys():
        field = model.model_fields[name]
        field.metadata = [each for each in field.metadata if not isinstance(each, Mutability)] + [Mutability.read_only]
    for field in model.model_fields.values():
        for part in _models_in(field.annotation):
            _teach(part, examples)


def _models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
