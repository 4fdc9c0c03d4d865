"""
The query string's rules: names in any case, single values, exclusive ones, and what each may say.

Source: PingIDM, "CREST queries"; `HttpUtils` and `HttpAdapter` in commons.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from webex_connector.gateway.idm.errors import Problem

KNOWN: Final = (
    "_action",
    "_api",
    "_countOnly",
    "_crestapi",
    "_deltas",
    "_dryRun",
    "_fields",
    "_locale",
    "_mimeType",
    "_pageSize",
    "_pagedResultsCookie",
    "_pagedResultsOffset",
    "_prettyPrint",
    "_queryExpression",
    "_queryFilter",
    "_queryId",
    "_scriptId",
    "_sortKeys",
    "_syncToken",
    "_totalPagedResultsPolicy",
)
"""
The parameters that this door knows. `_locale` is accepted and changes nothing.
"""

DRY_RUN: Final = "_dryRun"
"""
The parameter under which nothing is changed.
"""

REFUSED: Final = {
    "_api": "Descriptions of the interface",
    "_crestapi": "Descriptions of the interface",
    "_mimeType": "Single fields as documents",
}
"""
Parameters that would change the kind of answer, in a way that this door does not have.
"""

_CANONICAL: Final = {name.lower(): name for name in KNOWN}


class Parameters:
    """
    The parameters of one request, by canonical name. Those that are not ours stay under the name they came with.
    """

    def __init__(self, given: Iterable[tuple[str, str]]) -> None:
        """
        Take the decoded query string. Raises Problem (400) when a single-valued parameter is given twice, and (501) for
        REFUSED ones.
        """
        pairs = [(_CANONICAL.get(name.lower(), name), value) for name, value in given]
        for name, count in Counter(name for name, _ in pairs).items():
            if count > 1 and name in KNOWN:
                raise Problem(
                    400,
                    f"Multiple values provided for the single-valued request parameter '{name}'",
                    detail={"parameter": name},
                )
            if name in REFUSED:
                raise Problem(501, f"{REFUSED[name]} are not supported ('{name}')", detail={"parameter": name})
        self._values = dict(pairs)

    def text(self, name: str) -> str | None:
        """
        Return a parameter's value; None when it is absent or blank.
        """
        return self._values.get(name) or None

    def has(self, name: str) -> bool:
        """
        Whether the parameter was given, be it blank.
        """
        return name in self._values

    def others(self) -> dict[str, str]:
        """
        Return the parameters that are not this interface's.
        """
        return {name: value for name, value in self._values.items() if name not in KNOWN}

    def flag(self, name: str) -> bool:
        """
        Return a parameter that is `true` or `false`, in any case; false when absent. Raises Problem (400) for others: a
        slip in a safety switch must not switch it off.
        """
        value = self._values.get(name, "false").lower()
        if value not in {"true", "false"}:
            raise Problem(
                400,
                f"The value '{value}' for parameter '{name}' could not be parsed as a valid boolean",
                detail={"parameter": name},
            )
        return value == "true"

    def number(self, name: str) -> int:
        """
        Return a parameter that is a whole number, zero or more; 0 when absent. Raises Problem (400) for others.
        """
        value = self.text(name) or "0"
        if not (value.isascii() and value.isdecimal() and len(value) <= 10):  # noqa: PLR2004 - digits of a 32-bit integer
            raise Problem(
                400,
                f"The value '{value}' for parameter '{name}' could not be parsed as a valid integer, zero or more",
                detail={"parameter": name},
            )
        return int(value)

    def only_one_of(self, *names: str) -> str | None:
        """
        Return which of some exclusive parameters is there. Raises Problem (400) when two are.
        """
        there = [name for name in names if self.has(name)]
        if len(there) > 1:
            raise Problem(400, f"The parameters {there[0]} and {there[1]} are mutually exclusive")
        return there[0] if there else None

    def refuse_unknown(self) -> None:
        """
        Raise Problem (400) for a parameter that begins with an underscore and is none of ours: a misspelt `_dryRun` on
        a write would change what the caller only wanted to see. So would one without the underscore.
        """
        for name in self._values:
            if name not in KNOWN and _letters(name) == _letters(DRY_RUN):
                raise Problem(
                    400,
                    f"Unknown request parameter '{name}'; did you mean '{DRY_RUN}'?",
                    detail={"parameter": name},
                )
            if name.startswith("_") and name not in KNOWN:
                raise Problem(
                    400,
                    f"Unknown request parameter '{name}'; there are {', '.join(KNOWN)}",
                    detail={"parameter": name},
                )


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name)).lower()
