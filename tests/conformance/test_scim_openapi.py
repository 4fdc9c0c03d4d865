"""
The SCIM door as its own OpenAPI document describes it: schemathesis, a tool from outside, makes requests of the
document and compares the answers with it (https://schemathesis.readthedocs.io).

A few of each kind, always the same, with every run of the tests; `make fuzz` has it try what it can think of.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fakes.scim_house import TOKEN, Form, scim_house

pytestmark = pytest.mark.long

# The tool deletes whom it finds: not the owner of the token that everything is done with.
FORM = Form(road="scim", personal=False)
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance"),
    *("response_schema_conformance", "unsupported_method", "allow_header_conformance", "use_after_free"),
    "ensure_resource_availability",
)
"""
Not among them: that what the document does not allow is refused, since the door forgives what clients really send; and
that nobody comes in without a token, since who tries that a few times is not heard for a while.
"""

# Versions are made up otherwise, and nearly every write would end at that.
SETTINGS = '[parameters]\n"header.If-Match" = "*"\n"header.If-None-Match" = \'"another"\'\n'

EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
HOW = (
    ("--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing,stateful")
    if EXAMPLES
    else ("--max-examples", "3", "--phases", "fuzzing", "--generation-deterministic")
)


@dataclass(frozen=True, slots=True)
class Tried:
    """
    What schemathesis came to.
    """

    passed: bool
    said: str
    statuses: Mapping[str, set[int]]
    """
    The statuses that were seen, by operation.
    """


def tried(folder: Path, document: str, *how: str) -> Tried:
    """
    Have the tool try a server, by a document at an address or in a file.
    """
    config, report = folder / "schemathesis.toml", folder / "report.ndjson"
    config.write_text(SETTINGS)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", document]
    asked = ["--checks", ",".join(CHECKS), "--header", f"Authorization: Bearer {TOKEN}", "--no-color", "--warnings=off"]
    told = subprocess.run(  # noqa: S603 - a tool that is installed with us
        [*command, *asked, "--report-ndjson-path", str(report), *how],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return Tried(told.returncode == 0, told.stdout + told.stderr, _statuses(report))


def _statuses(report: Path) -> Mapping[str, set[int]]:
    found = defaultdict[str, set[int]](set)
    for line in report.read_text("utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for each in recorder.get("interactions", {}).values():
            if each["response"] is not None:
                found[recorder["label"]].add(each["response"]["status_code"])
    return found


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """
    The base URL of a server.
    """
    with scim_house(tmp_path_factory.mktemp("house"), {"webex": FORM}) as house:
        yield house.base("webex")


def test_answers_are_as_the_document_says(base: str, tmp_path: Path) -> None:
    """
    Whatever is asked; and some of what is asked is done.
    """
    found = tried(tmp_path, f"{base}/openapi.json", *HOW)
    assert found.passed, found.said
    for name in ("Users", "Groups", "Roles", "Profiles"):
        assert 200 in found.statuses[f"GET /{name}"], found.statuses
    assert found.statuses["POST /Groups"] & {200, 201}
    assert 400 in found.statuses["POST /Users"]


def test_the_tool_complains(base: str, tmp_path: Path) -> None:
    """
    Of an answer that holds what the document does not know.
    """
    document: dict[str, Any] = httpx2.get(f"{base}/openapi.json", headers={"Authorization": f"Bearer {TOKEN}"}).json()
    del document["components"]["schemas"]["Role"]["properties"]["displayName"]
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    how = ("--url", base, "--max-examples", "1", "--phases", "fuzzing", "--include-operation-id", "listRole")
    found = tried(tmp_path, str(tmp_path / "openapi.json"), *how)
    assert not found.passed
    assert "Response violates schema" in found.said
