"""
The use of licences as one HTML page with a chart: no script, nothing beside it, light and dark.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from typing import Final

from webex_connector.sync.inventory.licenses import LicenseUse

_WIDTH: Final = 600
_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b2430, #e8edf2); --soft: light-dark(#51606f, #a9b6c3);
  --line: light-dark(#d5dce3, #38434e); --used: light-dark(#0b5cab, #6db6ff); --idle: light-dark(#b06d00, #f3c36b);
  --off: light-dark(#a8201a, #ff9d95); --free: light-dark(#d5dce3, #38434e); }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } p { color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .5rem .75rem; border-top: 1px solid var(--line); vertical-align: middle; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; min-width: 12rem; height: 1.2rem; display: block; }
.used { fill: var(--used); } .idle { fill: var(--idle); } .off { fill: var(--off); } .free { fill: var(--free); }
ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
li svg { width: 1rem; min-width: 1rem; height: 1rem; display: inline-block; vertical-align: -.15rem; }
li svg { margin-right: .4rem; }
"""
_KEYS: Final = (("used", "used"), ("idle", "idle"), ("off", "held by the disabled"), ("free", "free"))


def page(uses: Sequence[LicenseUse], system: str, idle_days: int, now: datetime) -> Iterator[str]:
    """
    Yield the page, piece by piece.
    """
    title = f"Licences of {escape(system)}"
    yield f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
    yield f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n<main>\n<h1>{title}</h1>\n'
    yield f"<p>{now:%Y-%m-%d %H:%M} UTC. Idle is who was not active for {idle_days} days, or never.</p>\n<ul>\n"
    for kind, word in _KEYS:
        yield f'<li><svg viewBox="0 0 1 1" aria-hidden="true"><rect class="{kind}" width="1" height="1"/></svg>{word}\n'
    yield '</ul>\n<div class="scroll"><table>\n<thead><tr><th scope="col">Licence<th scope="col">Use'
    for word in ("Bought", "Assigned", "Idle", "Disabled", "Cost of both"):
        yield f'<th scope="col" class="number">{word}'
    yield "</thead>\n"
    for use in uses:
        yield _row(use)
    known = [use.cost for use in uses if use.cost is not None]
    yield f"</table></div>\n<p>Cost of what nobody uses, where a price is known: {sum(known):,.2f}</p>\n"
    yield "</main>\n</html>\n"


def _row(use: LicenseUse) -> str:
    bought = "any" if use.bought is None else f"{use.bought:,}"
    cost = "" if use.cost is None else f"{use.cost:,.2f}"
    numbers = (bought, f"{use.assigned:,}", f"{use.idle:,}", f"{use.disabled:,}", cost)
    cells = "".join(f'<td class="number">{each}' for each in numbers)
    return f'<tr><th scope="row">{escape(use.name)}<td>{_bar(use)}{cells}\n'


def _bar(use: LicenseUse) -> str:
    whole = max(use.assigned, use.bought or 0)
    if not whole:
        return ""
    used = use.assigned - use.idle - use.disabled
    parts = (("used", used), ("idle", use.idle), ("off", use.disabled), ("free", whole - use.assigned))
    words = ", ".join(f"{count} {dict(_KEYS)[kind]}" for kind, count in parts if count)
    drawn, place = "", 0.0
    for kind, count in parts:
        width = _WIDTH * count / whole
        drawn += f'<rect class="{kind}" x="{place:.1f}" width="{width:.1f}" height="20"/>' if count else ""
        place += width
    label = f'role="img" aria-label="{escape(words)}"'
    return f'<svg viewBox="0 0 {_WIDTH} 20" preserveAspectRatio="none" {label}>{drawn}</svg>'
