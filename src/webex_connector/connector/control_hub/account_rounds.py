"""
Changes of people sorted so that those of one person keep their order. Pure.
"""

from collections import Counter
from collections.abc import Mapping

from webex_connector.connector.identity import identity
from webex_connector.icf.names import folded_text
from webex_connector.icf.operations import Change, ChangeRequest


def rounds(changes: Mapping[int, ChangeRequest]) -> list[dict[int, ChangeRequest]]:
    """
    Return the changes in rounds, under their keys: in each round a person, or the address of somebody new, is there
    once at most, and the second change of a person comes a round after the first.
    """
    found: list[dict[int, ChangeRequest]] = []
    before: Counter[str] = Counter()
    for key, change in changes.items():
        whose = _whose(change)
        if before[whose] == len(found):
            found.append({})
        found[before[whose]][key] = change
        before[whose] += 1
    return found


def _whose(change: ChangeRequest) -> str:
    if change.change is not Change.CREATE:
        return identity(change.uid or "")
    return folded_text(str(*(change.attributes or {}).get("emails", ())[:1]))
