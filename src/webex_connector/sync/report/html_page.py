"""
A plan as one HTML page that needs nothing else: no script, no file beside it, light and dark.
"""

from collections.abc import AsyncIterator
from html import escape

from webex_connector.sync.decide.situation import Action
from webex_connector.sync.report.markdown import Items
from webex_connector.sync.report.outline import PARTS, Outline, line_of

_TAKING = frozenset({Action.DELETE, Action.DISABLE, Action.EXCEPTION})

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b2430, #e8edf2); --soft: light-dark(#51606f, #a9b6c3);
  --line: light-dark(#d5dce3, #38434e); --bad: light-dark(#a8201a, #ff9d95); --card: light-dark(#f4f6f8, #1d232a); }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
h2.taking { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.note { border-left: .3rem solid var(--line); background: var(--card); padding: .6rem 1rem; margin: .6rem 0; }
.stop { border-color: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border-top: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
td { overflow-wrap: anywhere; }
caption { text-align: left; color: var(--soft); }
"""


async def html(outline: Outline, items: Items) -> AsyncIterator[str]:
    """
    Stream the page, piece by piece.
    """
    title = escape(f"Plan {outline.plan.id}")
    yield f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
    yield '<meta name="viewport" content="width=device-width">\n'
    yield f"<style>{_STYLE}</style>\n<main>\n<h1>{title}</h1>\n"
    for stop in outline.stops:
        yield f'<p class="note stop"><strong>Stopped:</strong> {escape(stop)}</p>\n'
    for warning in outline.warnings:
        yield f'<p class="note">{escape(warning)}</p>\n'
    yield "<dl>\n"
    for name, value in outline.facts.items():
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>\n"
    yield "</dl>\n"
    for action, heading in PARTS:
        count = outline.counts.get(action, 0)
        if count:
            yield f"<h2{' class=taking' if action in _TAKING else ''}>{escape(heading)}: {count:,}</h2>\n"
            async for piece in _table(heading, action, items):
                yield piece
    yield "</main>\n</html>\n"


async def _table(heading: str, action: Action, items: Items) -> AsyncIterator[str]:
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(heading)}"><table>\n'
    heads = "".join(f'<th scope="col">{each}' for each in ("Record", "Object", "Changes", "Reason"))
    yield f"<thead><tr>{heads}</thead>\n"
    async for item in items(action):
        line = line_of(item)
        changes = "<br>".join(map(escape, line.changes))
        yield f"<tr><td>{escape(line.record)}<td>{escape(line.object)}<td>{changes}<td>{escape(line.reason)}\n"
    yield "</table></div>\n"
