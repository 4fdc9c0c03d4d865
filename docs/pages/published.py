"""
The page of corrections, made from the list itself:
`PYTHONPATH=tests python docs/pages/published.py > docs/published.md`.
"""
# ruff: noqa: INP001 - a script beside the pages, no package of the product

import sys
from collections.abc import Iterator

import msgspec

from fakes.published import CORRECTIONS, Correction

TOP = """\
# The sandbox and Cisco's definitions

Tests hold every request and every answer of [the sandbox](sandbox.md), and every request of the connector, against the
*Webex OpenAPI specifications* by Cisco Systems (<https://github.com/webex/webex-openapi-specs>, commit
`1be8332652c7c3dd34ea8148848c44ddf109a200`; the locations from the split at <https://github.com/api-evangelist/webex>,
commit `6e2ab381be6b91c31f760638ce835b23e9364c60`), licensed
[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/).

They were changed: reduced to the calls that the sandbox answers, and of those to names, types, required names and
choices. Where they contradict themselves or what was seen of Webex, the tests use something else. These are all such
places; a test proves that each is needed, and fails when Cisco mends one. Names that are not published are refused.
"""
"""
What stands above the corrections.
"""


def _short(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return "nothing" if value is None else f"`{text}`"


def _row(correction: Correction) -> str:
    place = correction.at.replace("~1", "/")
    return f"- `{place}`: {_short(correction.published)} → {_short(correction.used)}. {correction.why}"


def lines() -> Iterator[str]:
    """
    Yield the page, a paragraph at a time.
    """
    yield TOP
    for resource in dict.fromkeys(correction.resource for correction in CORRECTIONS):
        yield f"## {resource}\n"
        yield "\n".join(_row(each) for each in CORRECTIONS if each.resource == resource) + "\n"


def page() -> str:
    """
    Return the page.
    """
    return "\n".join(lines())


if __name__ == "__main__":
    sys.stdout.write(page())
