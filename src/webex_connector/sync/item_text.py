"""
Items of a plan as JSON: how they are stored and exported.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from webex_connector.icf.attributes import Values
from webex_connector.icf.masking import masked_json
from webex_connector.icf.objects import ConnectorObject
from webex_connector.policy.safety import Harm
from webex_connector.sync.decide.plan import AttributeChange, Mark, PlanItem
from webex_connector.sync.decide.situation import Action, Situation

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def item_text(item: PlanItem) -> str:
    """
    Return an item as JSON. Secrets are masked.
    """
    return masked_json(item)


def item_of(text: str) -> PlanItem:
    """
    Return the item that such a text describes. Raises ValueError when it describes none.
    """
    try:
        given = _decode(text)
        given["situation"], given["action"] = Situation(given["situation"]), Action(given["action"])
        given["harms"] = frozenset(Harm(each) for each in given["harms"])
        given["mark"] = None if given["mark"] is None else Mark(given["mark"])
        given["candidates"] = tuple(given["candidates"])
        given["changes"] = tuple(
            AttributeChange(each["attribute"], tuple(each["old"]), tuple(each["new"])) for each in given["changes"]
        )
        return PlanItem(**given)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as problem:
        raise ValueError(f"This is no item of a plan: {problem}") from problem


def object_text(found: ConnectorObject | None) -> Mapping[str, Any] | None:
    """
    Return an object as it is kept beside an outcome.
    """
    return None if found is None else {"uid": found.uid, "name": found.name, "attributes": found.attributes}


def values_of(kept: Mapping[str, Any] | None, attribute: str) -> Values:
    """
    Return the values of an attribute of an object that was kept so.
    """
    return () if kept is None else tuple(kept["attributes"].get(attribute, ()))
