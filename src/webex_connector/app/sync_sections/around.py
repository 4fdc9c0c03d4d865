"""
What sources are opened with, besides their own settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from webex_connector.base.clock import Clock, SystemClock
from webex_connector.icf.schema import Schema
from webex_connector.sync.sources.system import SourceSystem


@dataclass(frozen=True, slots=True)
class Around:
    """
    The house around a source.
    """

    schemas: Mapping[str, Schema] = field(default_factory=dict)
    """
    What each named system holds.
    """
    systems: Mapping[str, SourceSystem] = field(default_factory=dict)
    """
    The named systems that are open.
    """
    clock: Clock = field(default_factory=SystemClock)
    inline: bool = False
    """
    Whether sources are read in the calling thread: right in tests whose time is not that of threads.
    """


USUAL: Final = Around()
"""
No system is open; that is enough to look at the settings.
"""
