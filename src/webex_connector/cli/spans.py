"""
Spans and moments of time, as people write them on the command line.
"""

import re
from datetime import UTC, datetime, timedelta

from webex_connector.icf.errors import InvalidInput

_SPAN = re.compile(r"([1-9][0-9]{0,4})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def span_of(text: str, option: str, also: str = "") -> timedelta:
    """
    Return the span that 90d, 12h or 30m says. Raises InvalidInput, naming the option; `also` is what else it takes.
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        raise InvalidInput(f"{option}: {text} is no time; write 90d, 12h{', 30m' if also else ' or 30m'}{also}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def moment_of(text: str, option: str) -> datetime:
    """
    Return the moment that 2026-11-21 or 2026-11-21T08:00 says, in UTC unless it says otherwise. Raises InvalidInput,
    naming the option.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{option}: {text} is no moment; write 2026-11-21 or 2026-11-21T08:00") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
