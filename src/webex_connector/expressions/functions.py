"""
The functions that expressions have. This file is read as text and run in the sandbox, before the expressions; so it
uses nothing but what the sandbox has. `docs/expressions.md` is made from it and from `examples.py`.

Without a value there is nothing to do: a function that is given None gives None back.
"""

import datetime as dt
import re
from typing import Any

_tables: dict[str, dict[str, Any]] = {}
_known: dict[str, dict[Any, Any]] = {"phone": {}, "ascii": {}}
_asked: list[Any] = []


def lower(value: str | None) -> Any:
    """
    Return the text in small letters.
    """
    return None if value is None else value.lower()


def upper(value: str | None) -> Any:
    """
    Return the text in capitals.
    """
    return None if value is None else value.upper()


def trim(value: str | None) -> Any:
    """
    Return the text without white space around it, and with one blank in the place of each white space within.
    """
    return None if value is None else " ".join(value.split())


def title(value: str | None) -> Any:
    """
    Return a name with a capital at the beginning of each part, and small letters else.
    """
    if value is None:
        return None
    letters: list[str] = []
    before = " "
    for letter in value:
        letters.append(letter.lower() if before.isalpha() else letter.upper())
        before = letter
    return "".join(letters)


def default(*values: Any) -> Any:
    """
    Return the first of the values that is something: not None, no empty text, no empty list.
    """
    for value in values:
        if value is not None and value not in ("", []):
            return value
    return None


def first(value: Any) -> Any:
    """
    Return the first value of a list, or the value itself; None when there is none.
    """
    if isinstance(value, list | tuple):
        return value[0] if value else None
    return value


def listed(value: Any) -> list[Any]:
    """
    Return the values as a list: a list as it is, one value alone, nothing for None and an empty text.
    """
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None or value == "" else [value]


def join(separator: str, *values: Any) -> str:
    """
    Return the texts, and those in lists, with the separator between them. Empty ones are left out.
    """
    return separator.join([str(each) for value in values for each in listed(value) if each is not None and each != ""])


def split(value: str | None, separator: str) -> list[str]:
    """
    Return the parts of the text between the separators, trimmed, without empty ones.
    """
    parts = [] if value is None else value.split(separator)
    return [part.strip() for part in parts if part.strip()]


def matches(value: str | None, pattern: str) -> bool:
    """
    Say whether the regular expression fits anywhere in the text; `^` and `$` hold it to the ends.
    """
    return value is not None and re.search(pattern, value) is not None


def replace(value: str | None, pattern: str, replacement: str) -> Any:
    r"""
    Return the text with everything that the regular expression fits replaced; `\1` is its first group.
    """
    return None if value is None else re.sub(pattern, replacement, value)


def extract(value: str | None, pattern: str) -> Any:
    """
    Return the first group of the regular expression where it fits, or all of it when it has no group; None when it does
    not fit.
    """
    found = None if value is None else re.search(pattern, value)
    if found is None:
        return None
    return found.group(1) if found.groups() else found.group(0)


def found_in(tables: Any, table: str, key: Any, otherwise: Any) -> Any:
    """
    Return what a table says. Raises LookupError when there is no such table.
    """
    if table not in tables:
        raise LookupError(f"There is no table {table}")
    return otherwise if key is None else tables[table].get(str(key), otherwise)


def lookup(table: str, key: Any, otherwise: Any = None) -> Any:
    """
    Return what the table of this name says about the key; `otherwise` when it says nothing.
    """
    return found_in(_tables, table, key, otherwise)


def date(text: str | None, pattern: str = "%Y-%m-%d") -> Any:
    """
    Return the day that a text names, as `2026-12-31`. The pattern is that of Python: `%d` day, `%m` month, `%Y` year.
    """
    if text is None or text == "":
        return None
    return dt.datetime.strptime(text.strip(), pattern).date().isoformat()  # noqa: DTZ007 - a day has no zone


def format_date(day: str | None, pattern: str) -> Any:
    """
    Return the day in another form. A moment, as `now`, counts as its day.
    """
    return None if day is None else dt.date.fromisoformat(day[:10]).strftime(pattern)


def add_days(day: str | None, days: int) -> Any:
    """
    Return the day so many days later; earlier, if negative.
    """
    return None if day is None else (dt.date.fromisoformat(day[:10]) + dt.timedelta(days=days)).isoformat()


def days_between(start: str | None, end: str | None) -> Any:
    """
    Return how many days the second day is after the first; negative when it is before.
    """
    if start is None or end is None:
        return None
    return (dt.date.fromisoformat(end[:10]) - dt.date.fromisoformat(start[:10])).days


def phone(value: str | None, country: str | None = None) -> Any:
    """
    Return a telephone number in E.164 form. The country, two letters, is that of numbers without `+`. Fails for what
    is no number that could be dialled.
    """
    return None if value is None or value == "" else _answer("phone", (value, country))


def ascii(value: str | None) -> Any:  # noqa: A001 - the name that its users expect; nothing here needs the other one
    """
    Return the text in plain letters: umlauts as `ae`, `oe`, `ue`, other letters as they are read.
    """
    if value is None or value.isascii():
        return value
    return _answer("ascii", (value,))


def _answer(function: str, arguments: Any) -> Any:
    answers = _known[function]
    if arguments not in answers:
        _asked.append((function, arguments))
        return ""
    answer, problem = answers[arguments]
    if problem is not None:
        raise ValueError(problem)
    return answer


def _driven(run: Any, rows: Any, told: Any) -> Any:
    """
    Evaluate one expression over many records: a value for each, what failed, and for which records an answer is missing
    yet.
    """
    values: list[Any] = []
    failed: dict[int, str] = {}
    waiting: list[int] = []
    for number, (source, old, target, link_qualifier) in enumerate(rows):
        if told:
            print(number)  # noqa: T201 - the one way to say, when a limit ends all, which record it was
        before = len(_asked)
        try:
            values.append(run(source, old, target, link_qualifier))
        except Exception as error:  # noqa: BLE001 - whatever it is, it concerns this record alone
            values.append(None)
            failed[number] = type(error).__name__ + ": " + str(error)
        if len(_asked) > before:
            waiting.append(number)
    return values, failed, waiting
