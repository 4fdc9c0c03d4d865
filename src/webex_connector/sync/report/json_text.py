"""
A plan as JSON: everything that is kept of it, for other programs.
"""

from collections.abc import AsyncIterator

import msgspec

from webex_connector.sync.item_text import item_text
from webex_connector.sync.report.markdown import Items
from webex_connector.sync.report.outline import PARTS, Outline


async def json(outline: Outline, items: Items) -> AsyncIterator[str]:
    """
    Stream one object: the plan's facts, its summary, and its items.
    """
    plan = outline.plan
    facts = {
        "plan": plan.id,
        "mapping": plan.mapping,
        "made": plan.made.isoformat(),
        "maker": plan.maker,
        "state": plan.state.value,
        "fingerprint": plan.fingerprint,
        "summary": msgspec.Raw((plan.summary or "{}").encode()),
    }
    yield msgspec.json.encode(facts).decode()[:-1] + ',"items":['
    first = True
    for action, _ in PARTS:
        async for item in items(action):
            yield ("" if first else ",\n") + item_text(item)
            first = False
    yield "]}\n"
