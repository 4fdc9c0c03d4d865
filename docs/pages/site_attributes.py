"""
The page of attributes of classic meeting sites, made from the connector's own schema:
`python -m docs.pages.site_attributes > docs/meetings-attributes.md`.
"""
# ruff: noqa: INP001 - a script beside the pages, no package of the product

import sys

from docs.pages.attributes import attributes_of, table

from webex_connector.base.clock import SystemClock
from webex_connector.connector.meetings_site.connector import opened
from webex_connector.connector.meetings_site.properties import PROPERTIES
from webex_connector.icf import names
from webex_connector.icf.configuration import configured
from webex_connector.icf.operations import schema_of
from webex_connector.icf.schema import Operation, Schema
from webex_connector.mirror.local_schema import schema_with_local
from webex_connector.webex.meetings_xml.users import MOST_DELETED, PAGE

TOP = """\
# Attributes of classic meeting sites

What each object class of a [classic meeting site](meetings-sites.md) has, who may write it, when it is shown, and how
many requests it costs; one for the log-in comes before, and again when a session ticket ends. This page is made from
the connector's schema (`python -m docs.pages.site_attributes`). The words are those of the page of
[attributes](attributes.md).
"""
"""
What stands above the tables.
"""

COSTS: dict[str, dict[Operation, str]] = {
    names.ACCOUNT: {
        Operation.GET: "1; 1 more for `objectGUID`",
        Operation.SEARCH: (
            f"1 for each {PAGE} users, or for each WebEx ID asked for; 1 more for each user when attributes are asked "
            "for that are shown by a single read alone"
        ),
        Operation.CREATE: "2 (make, look); 2 to 3 more to tell who holds a name or an address that is taken",
        Operation.UPDATE: "3 (read, change, look), or 1 where nothing differs",
        Operation.DELETE: "2 (read, deactivate)",
        Operation.BULK: f"1 for each {MOST_DELETED} users who are deleted; everything else as each change alone",
        Operation.SYNC: (
            f"1 for each {PAGE} users; 1 more for each user whose line of the listing changed, when attributes are "
            "asked for that are shown by a single read alone; 1 for each user who left the listing"
        ),
        Operation.AUTHENTICATE: "2",
    },
    "SESSION_TYPES": {Operation.GET: "1", Operation.SEARCH: "1"},
    "PRIVILEGES": {Operation.GET: "none", Operation.SEARCH: "none"},
    "TIME_ZONES": {Operation.GET: "1", Operation.SEARCH: "1"},
    names.ALL: {Operation.SYNC: "what users cost"},
}
"""
How many requests an operation costs when nothing goes wrong. The tests of the connector count them.
"""


def page(schema: Schema) -> str:
    """
    Return the page for a schema. Raises KeyError for an object class whose costs nobody has written down.
    """
    parts = [TOP]
    for info in schema.object_classes:
        named = f" `__NAME__` is `{info.name_attribute}`." if info.name_attribute else ""
        parts += [f"## `{info.name}`\n", f"{info.help}{named}\n"]
        parts.append(table(("operation", "requests"), [(op.value, cost) for op, cost in COSTS[info.name].items()]))
        parts += [attributes_of(info)] if info.attributes else []
        sets = [fact for fact in info.attributes if fact.many and fact.allowed]
        parts += [f"`{fact.name}` holds {', '.join(f'`{each}`' for each in fact.allowed)}.\n" for fact in sets]
    return "\n".join(parts)


def meetings_site() -> Schema:
    """
    Return the schema of the connector of classic sites. Nothing is sent.
    """
    given = {"siteName": "acme", "webExId": "admin", "password": "no request is made"}
    return schema_with_local(schema_of(opened(configured(PROPERTIES, given), SystemClock())))


if __name__ == "__main__":
    sys.stdout.write(page(meetings_site()))
