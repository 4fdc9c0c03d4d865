"""
What may be said to whom. A class or type that a platform does not know costs it the whole answer, and nothing in the
protocol says who asks; so each server speaks to one family.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

VALIDATE, TEST, SCHEMA = "ValidateApiOp", "TestApiOp", "SchemaApiOp"
CREATE, GET, SEARCH, DELETE = "CreateApiOp", "GetApiOp", "SearchApiOp", "DeleteApiOp"
UPDATE, UPDATE_DELTA = "UpdateApiOp", "UpdateDeltaApiOp"
SYNC = "SyncApiOp"
RESOLVE, AUTHENTICATE = "ResolveUsernameApiOp", "AuthenticationApiOp"
SCRIPT, RESOURCE_SCRIPT = "ScriptOnConnectorApiOp", "ScriptOnResourceApiOp"
DISCOVER = "DiscoverConfigurationApiOp"


class InStream(Enum):
    """
    Whether the result of a search is one of the objects of its stream, too.

    Syncope takes the cookie of the next page from there; the clients of midPoint and OpenIDM fail on it.
    """

    AUTO = "auto"
    """
    When a page is asked for with an offset below 1, as Syncope alone does.
    """
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Profile:
    """
    A family of platforms.
    """

    name: str
    operations: tuple[str, ...]
    """
    The operations that are listed.
    """
    maps: bool
    """
    Whether complex values travel as maps; else under flattened names.
    """
    result_in_stream: InStream = InStream.AUTO


_EVERYWHERE: Final = (
    VALIDATE,
    TEST,
    SCHEMA,
    CREATE,
    GET,
    SEARCH,
    UPDATE,
    DELETE,
    SYNC,
    RESOLVE,
    SCRIPT,
)

CONNID: Final = Profile("connid", (*_EVERYWHERE, UPDATE_DELTA), maps=False)
"""
ConnId from 1.4.3 on: Apache Syncope, midPoint.
"""

OPENICF: Final = Profile("openicf", _EVERYWHERE, maps=True, result_in_stream=InStream.NEVER)
"""
OpenICF and Wren:ICF: OpenIDM, Wren:IDM, PingIDM.
"""

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType({each.name: each for each in (CONNID, OPENICF)})
"""
The profiles there are, by name.
"""
