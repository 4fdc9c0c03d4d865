"""
A plan as Markdown (https://spec.commonmark.org, with the tables of https://github.github.com/gfm/).
"""

from collections.abc import AsyncIterator, Callable

from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.report.outline import PARTS, Outline, line_of

Items = Callable[[Action], AsyncIterator[PlanItem]]
"""
Streams a plan's items of one action.
"""

_HEAD = "| record | object | changes | reason |\n| --- | --- | --- | --- |\n"
_SPECIAL = str.maketrans({each: f"\\{each}" for each in "\\`*_{}[]<>|#~"} | {"\n": " "})


async def markdown(outline: Outline, items: Items) -> AsyncIterator[str]:
    """
    Stream the report, piece by piece.
    """
    yield f"# Plan {outline.plan.id}\n\n"
    for stop in outline.stops:
        yield f"> **Stopped:** {_safe(stop)}\n\n"
    for warning in outline.warnings:
        yield f"> {_safe(warning)}\n\n"
    for name, value in outline.facts.items():
        yield f"- {name}: {_safe(value)}\n"
    for action, title in PARTS:
        count = outline.counts.get(action, 0)
        if not count:
            continue
        yield f"\n## {title}: {count:,}\n\n{_HEAD}"
        async for item in items(action):
            line = line_of(item)
            cells = (line.record, line.object, "; ".join(line.changes), line.reason)
            yield f"| {' | '.join(map(_safe, cells))} |\n"


def _safe(text: str) -> str:
    return text.translate(_SPECIAL)
