"""
What stands in mappings and has no effect here, each with the reason.
"""

from collections.abc import Mapping
from typing import Final

_FASTER: Final = "both sides are always read in pages and compared at once"
_LIVE: Final = "what is synchronized while it changes is said where that is begun"

REASONS: Final[Mapping[str, str]] = {
    "displayName": "a mapping goes by its name",
    "icon": "it is shown nowhere",
    "enableSync": _LIVE,
    "enableLinking": "links are always kept, since without them nobody knows who has left",
    "onDelete": "it gives no value; what was deleted is in the journal",
    "onLink": "it gives no value; what was linked is in the plan",
    "onUnlink": "it gives no value; what was unlinked is in the plan",
    "onRecon": "it gives no value",
    "result": "it only tells; reports are made from the plan",
    "prefetchLinks": _FASTER,
    "taskThreads": _FASTER,
    "feedSize": _FASTER,
    "reconSourceQueryPaging": _FASTER,
    "reconSourceQueryPageSize": _FASTER,
    "reconTargetQueryPaging": _FASTER,
    "reconTargetQueryPageSize": _FASTER,
    "clusteredSourceReconEnabled": _FASTER,
    "sourceQueryFullEntry": _FASTER,
    "targetQueryFullEntry": _FASTER,
    "correlateEmptyTargetSet": _FASTER,
    "optimizeAssignmentSync": _FASTER,
    "defaultSourceFields": _FASTER,
    "defaultTargetFields": _FASTER,
    "targetIdsCaseSensitive": "objects go by the identifiers of their system, as they are",
    "triggerSyncProperties": _LIVE,
    "syncAfter": _LIVE,
    "queuedSync": _LIVE,
    "reconAssociation": "every plan keeps what became of each record",
}
"""
Each key with why it has no effect.
"""
