"""
What `lookup` in expressions looks up: `[tables.<name>]`.
"""

import csv
from collections.abc import Mapping
from typing import Any, cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType

SECTION = Section(
    ("tables", ANY),
    "A table that expressions look things up in, by its name: in the file itself, or in a CSV file.",
    (
        Property("values", "What each key stands for, as `{ BER = 'Berlin' }`.", PropertyType.MAP),
        Property("file", "A CSV file with a head, in UTF-8, in the place of `values`."),
        Property("key", "The column with the keys.", default="key"),
        Property("value", "The column with what they stand for.", default="value"),
    ),
)


def read(top: Table) -> dict[str, Mapping[str, Any]]:
    """
    Return the tables by name.
    """
    return {name: _table(table) for name, table in top.table("tables").tables().items()}


def _table(table: Table) -> Mapping[str, Any]:
    values = table.values(SECTION.properties)
    if not values:
        return {}
    if (values["values"] is None) == (values["file"] is None):
        table.unfit("needs values or a file, one of them")
        return {}
    if values["values"] is not None:
        found = cast("Mapping[str, Any]", values["values"])
        for key, value in found.items():
            if not isinstance(value, str | int | float | bool):
                table.wrong("values", f"has for {key} neither a text nor a number")
        return found
    return _from_file(table, str(values["file"]), str(values["key"]), str(values["value"]))


def _from_file(table: Table, name: str, key: str, value: str) -> Mapping[str, Any]:
    path = table.folder / name
    found: dict[str, Any] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text, strict=True)
            missing = [each for each in (key, value) if each not in (rows.fieldnames or ())]
            if missing:
                table.wrong("file", f"has no column {missing[0]}; there are: {', '.join(rows.fieldnames or ())}")
                return {}
            for row in rows:
                if row[key] in found:
                    table.wrong("file", f"has the key {row[key]} twice, the second time on line {rows.line_num}")
                found[row[key]] = row[value] or ""
    except OSError as problem:
        table.wrong("file", f"cannot be read: {path}: {problem.strerror}")
    except (UnicodeDecodeError, csv.Error) as problem:
        table.wrong("file", f"is no CSV file in UTF-8: {path}: {problem}")
    return found
