"""
The page of expressions, made from the functions and their examples: `python docs/pages/expressions.py >
docs/expressions.md`.
"""
# ruff: noqa: INP001 - a script beside the pages, no package of the product

import inspect
import json
import sys

from webex_connector.expressions import functions
from webex_connector.expressions.compiled import BATCH, MOST_STOPS
from webex_connector.expressions.compiling import LIMITS
from webex_connector.expressions.examples import EXAMPLES, NOW, RECORD, TABLES

TOP = """\
# Expressions

A mapping or a [policy](policies.md) says with an expression what a value comes from, or whether a condition holds. An
expression is one line of Python (several, inside brackets), run in the same sandbox as [scripts](scripts.md): no
files, no network, no imports. This page is made from the functions themselves (`python docs/pages/expressions.py`),
and every example on it is run by a test.

## What an expression sees

| name | is |
| --- | --- |
| `source` | the record: `source["mail"]`, or `source.get("mail")` |
| `old` | the record as it was; `None` where that is not known |
| `target` | the object on the other side; `None` where there is none |
| `link_qualifier` | the name of the link, `"default"` unless a mapping has several |
| `now` | the moment of the run, as `"{now}"`; the same for all records |

An attribute of one value is that value, or `None` when it has none; one of many values is a list, an empty one when
it has none. Where nobody knows the attributes beforehand (a source that does not name them), one value is that value
and several are a list. Passwords and other secrets are `None`.

What an expression gives becomes the attribute's values: a list's elements, or the one value; `None` and an empty text
are no value. As a condition, it holds when it gives something that Python counts as true.

## Functions

A function that is given `None` gives `None` back, unless it says otherwise. Everything that Python's texts, lists and
numbers can is there besides: `source["mail"].startswith("a")`, `"x" if source["site"] == "BER" else "y"`, `[each for
each in source["proxyAddresses"] if each.startswith("SMTP")]`.

What `lookup` knows are the tables [`[tables.<name>]`](settings.md) of the settings. The examples speak of this record,
and of the tables {tables}:

| attribute | values |
| --- | --- |
"""
"""
What stands above the functions.
"""

BOTTOM = """\
## Mistakes

Expressions are checked when their file is loaded: their form, names that there are not, attributes that the records
do not have, tables that there are not, types that do not fit. All mistakes are told at once, each with file, line and
column, and with what comes nearest:

```
sync.toml:12: displayName, column 14: source has no attribute mial; did you mean mail?
```

What only shows when a record is at hand (no number to dial, a day that does not exist) fails for that record alone:

```
sync.toml:14: phone, record p1005: ValueError: Germany is no country; two letters are, as DE
```

An expression may compute for {seconds:g} s over {batch} records. One that computes longer, or takes too much memory,
fails for the record that made it so; after {stops} such records it is not tried for the others, which fail too and
say so.

What is no more than an attribute, a constant, `default`, `first` and `lookup` is worked out without the sandbox.
Everything else goes there by the thousand, so that a record costs millionths of a second.
"""
"""
What stands below them.
"""


def page() -> str:
    """
    Return the whole page.
    """
    tables = ", ".join(f"`{name}` ({_cell(dict(table))})" for name, table in TABLES.items())
    lines = [TOP.format(now=NOW, tables=tables).rstrip("\n")]
    lines += [
        f"| `{name}` | {', '.join(_cell(each) for each in values) or 'none'} |" for name, values in RECORD.items()
    ]
    for name, examples in EXAMPLES.items():
        function = getattr(functions, name)
        text = " ".join((inspect.getdoc(function) or "").split())
        lines += ["", f"### `{_signature(name)}`", "", text, "", "| expression | gives |", "| --- | --- |"]
        lines += [f"| `{call}` | {_cell(result)} |" for call, result in examples]
    bottom = BOTTOM.format(seconds=LIMITS.seconds, batch=f"{BATCH:,}", stops=MOST_STOPS)
    return "\n".join([*lines, "", bottom])


def _signature(name: str) -> str:
    parameters = inspect.signature(getattr(functions, name)).parameters.values()
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in parameters]
    return f"{name}({', '.join(map(str, bare))})"


def _cell(value: object) -> str:
    return (
        f"`{'None' if value is None else value if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)}`"
    )


if __name__ == "__main__":
    sys.stdout.write(page())
