"""
The whole story of one record: what the source says, what the mapping makes of it, whom it belongs to, what would be
done about it now and what was done before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.store.plans import KeptItem
from webex_connector.sync.apply.applying import DOOR, Tables
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.mapped import Mapped
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.ends import Ends
from webex_connector.sync.records import Page, Record, folded
from webex_connector.sync.single import Single


@dataclass(frozen=True, slots=True)
class Story:
    """
    One record, for one link qualifier. Without a record there is only what was linked and done.
    """

    record: Record | None
    mapped: Mapped | None
    pair: Pair
    item: PlanItem
    history: Sequence[tuple[str, KeptItem]]
    """
    What plans said and did about it, the newest first, with the plan's id.
    """


async def stories_of(ends: Ends, tables: Tables, person: str, actor: str, now: datetime) -> Sequence[Story]:
    """
    Return the stories of a record, known by its key or by any value it has, one for each link qualifier. The source is
    read until it is found.

    Raises what the source, the target and the store raise.
    """
    record = await _found(ends, person)
    options = OperationOptions(actor=Actor(actor, DOOR), lane=Lane.INTERACTIVE)
    single = Single(ends, tables.links, options)
    comparison = Comparison(
        ends.target.schema.object_class(ends.mapping.object_class),
        (each.target for each in ends.mapping.properties if not each.on_create_only),
        ends.mapping.companions,
    )
    key = person if record is None else record.key
    mapped = [] if record is None else await ends.rules.mapped(Page([record]))
    pairs = [await single.of_record(each) for each in mapped] or [await single.of_gone(person)]
    found = []
    for pair in pairs:
        item = await single.item(pair, comparison, now)
        history = await tables.plans.about(key)
        found.append(Story(record, pair.source, pair, item, history))
    return found


async def _found(ends: Ends, person: str) -> Record | None:
    wanted = folded(person)
    async for page in ends.source.read():
        for record in page.records:
            values = (value for values in record.attributes.values() for value in values)
            if folded(record.key) == wanted or any(isinstance(each, str) and folded(each) == wanted for each in values):
                return record
    return None
