"""
Telling what we just made from what was there before, by the time Webex gives it.
"""

from datetime import datetime, timedelta

from webex_connector.webex.wire import Json

_CLOCKS_DIFFER = timedelta(minutes=5)


def made_since(thing: Json, began: datetime) -> bool:
    """
    Say whether a thing was made since then, give or take what two clocks may differ; False when it does not tell.
    """
    try:
        return datetime.fromisoformat(str(thing.get("created"))) >= began - _CLOCKS_DIFFER
    except (ValueError, TypeError):
        return False
