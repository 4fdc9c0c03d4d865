"""
`sync explain`: the whole story of one record.
"""

import getpass
from collections.abc import Mapping
from typing import Any

from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json
from webex_connector.cli.exits import Exit
from webex_connector.cli.syncing import engine_of
from webex_connector.cli.table import Rows
from webex_connector.icf.attributes import Values
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.inverse import irreversible
from webex_connector.sync.explaining import Story, stories_of
from webex_connector.sync.item_text import item_of
from webex_connector.sync.report.outline import words_of


async def explain(mapping: str, person: str, /, *, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Tell what the source says of somebody, what the mapping makes of it, and what would be done and was done about it.

    Parameters
    ----------
    mapping
        Its name in the sync file.
    person
        The record's key, or any value it has, such as an address.
    """
    async with engine_of(config) as engine, engine.opened(mapping) as ends:
        stories = await stories_of(ends, engine.tables, person, getpass.getuser(), engine.clock.now())
        for story in stories:
            if as_json:
                output.show_json(_whole(story, ends.mapping))
            else:
                _tell(story, ends.mapping)
    return Exit.OK if any(story.record is not None or story.history for story in stories) else Exit.NOT_FOUND


def _tell(story: Story, mapping: SyncMapping) -> None:
    whole = _whole(story, mapping)
    output.show_text("Record")
    output.show_pairs(whole["record"] or {"key": "there is none in the source"})
    if whole["mapped"]:
        output.show_text("\nWhat the mapping makes of it")
        Rows(("attribute", "value", "from")).add(whole["mapped"])
    output.show_text("\nWhom it belongs to")
    output.show_pairs(whole["object"])
    output.show_text("\nWhat would be done now")
    output.show_pairs(whole["now"])
    if whole["history"]:
        output.show_text("\nWhat was done")
        Rows(("plan", "item", "action", "state", "changes")).add(whole["history"])


def _whole(story: Story, mapping: SyncMapping) -> dict[str, Any]:
    record, pair, item = story.record, story.pair, story.item
    target = pair.target
    return {
        "record": None
        if record is None
        else {
            "key": record.key,
            "place": record.place,
            **{name: _plain(each) for name, each in record.attributes.items()},
        },
        "mapped": [] if story.mapped is None else _mapped(story, mapping),
        "object": {
            "situation": pair.situation.value,
            "link": "linked" if pair.is_linked else "not linked",
            "object": target.name if target is not None else pair.uid,
            "uid": target.uid if target is not None else pair.uid,
            "candidates": list(pair.candidates),
        },
        "now": {
            "action": item.action.value,
            "reason": item.reason if item.problem is None else f"{item.reason}: {item.problem}",
            "changes": [f"{each.attribute}: {words_of(each.old)} > {words_of(each.new)}" for each in item.changes],
            "cannot be taken back": irreversible(item),
        },
        "history": [_done(plan, kept.number, kept.state.value, item_of(kept.content)) for plan, kept in story.history],
    }


def _mapped(story: Story, mapping: SyncMapping) -> list[Mapping[str, Any]]:
    if story.mapped is None:
        return []
    values = {**story.mapped.attributes, **story.mapped.on_create, **story.mapped.references}
    rows: list[Mapping[str, Any]] = []
    for each in mapping.properties:
        origin = each.source or (each.expression.text if each.expression is not None else "a constant")
        place = "" if each.expression is None else f" ({each.expression.place})"
        rows.append(
            {"attribute": each.target, "value": words_of(values.get(each.target, ())), "from": f"{origin}{place}"}
        )
    return rows


def _done(plan: str, number: int, state: str, item: Any) -> Mapping[str, Any]:
    changes = ", ".join(each.attribute for each in item.changes)
    return {"plan": plan, "item": number, "action": item.action.value, "state": state, "changes": changes}


def _plain(values: Values) -> object:
    return values[0] if len(values) == 1 else list(values)
