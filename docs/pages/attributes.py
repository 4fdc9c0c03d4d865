"""
The page of attributes, made from the connector's own schema: `python docs/pages/attributes.py > docs/attributes.md`.
"""
# ruff: noqa: INP001 - a script beside the pages, no package of the product

import re
import sys
from collections.abc import Iterable

from webex_connector.base.clock import SystemClock
from webex_connector.connector.control_hub.account_plan import cheapest, fits_bulk_creation
from webex_connector.connector.control_hub.account_ways import Way, changed_by, given_after, needs_scim, read_by
from webex_connector.connector.control_hub.connector import opened
from webex_connector.connector.control_hub.person import GROUPS
from webex_connector.connector.control_hub.scim_bulk_update import fits_bulk
from webex_connector.connector.properties import PROPERTIES, Road
from webex_connector.connector.queries import GROUP_CONDITIONS, PEOPLE_CONDITIONS
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.configuration import configured
from webex_connector.icf.filters import Operator
from webex_connector.icf.operations import schema_of
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo, Operation, Schema
from webex_connector.mirror.local_schema import LOCAL, schema_with_local
from webex_connector.webex.resources.groups import MOST_MEMBERS
from webex_connector.webex.resources.scim_bulk import MOST_OPERATIONS
from webex_connector.webex.tokens import MemoryVault

TOP = """\
# Attributes

What each object class has, who may write it, when it is shown, and how many requests it costs. This page is made from
the connector's schema (`python docs/pages/attributes.py`); what Webex does with a value is in
[Cisco's reference](https://developer.webex.com/docs/api/v1/people).

**Write** says what may write an attribute: `create`, `update`. **Shown** says when it comes unless the caller names the
attributes: `always`; `single read`, when one object is read by its uid and not in lists; `asked for`, when it is named.
Each object has `__UID__` and `__NAME__` too.
"""
"""
What stands above the tables.
"""

SEARCHES = """\
A search asks Webex for one condition at most, the first of these that its filter has, and tests the whole filter on
what comes:

- people by {people};
- groups by {groups};
- everything by `__UID__` (equal).

Any other search costs as much as a list. A name with letters that have several forms in Unicode is asked for as far as
the first of them.
"""
"""
What stands below them.
"""

WORDS = {Operator.EQUALS: "equal", Operator.STARTS_WITH: "begins with"}

OPTIONAL = ["TEAMS", "LOCATIONS"]
"""
The object classes that are there only where they are asked for.
"""

NAMED = " Only where the property `objectClasses` names it."

COSTS: dict[str, dict[Operation, str]] = {
    names.ACCOUNT: {
        Operation.GET: "1",
        Operation.SEARCH: "1 for each 1,000 people, or for each uid asked for",
        Operation.CREATE: "1, and what the roads below add",
        Operation.UPDATE: (
            "people road: 1 to read; 1 to replace, if anything but `licenses` and `groups` changes; nothing is read "
            "where a run only gives or takes `licenses`. SCIM road: 1, for whoever waits 1 more to read back; for what "
            "SCIM cannot write as on the people road"
        ),
        Operation.DELETE: "2 (read, delete)",
        Operation.BULK: (
            "people road: as each change alone. SCIM road: 1 for each 100 people who are made without licences, "
            "changed or deleted; what SCIM cannot write as on the people road. Both: `groups` 1 for each 500 people of "
            "a group; one walk if any are replaced"
        ),
        Operation.SYNC: (
            "SCIM road: 1, 1 for audit events, 1 for each person who changed; a list of all people, if it is unclear "
            "who was deleted; 1 for each person, or each 85, deleted. People road: a list of all people each time"
        ),
    },
    names.GROUP: {
        Operation.GET: "1",
        Operation.SEARCH: "1 for each 100 groups, or for each uid asked for",
        Operation.CREATE: "2 (look whether the name is taken, make)",
        Operation.UPDATE: "1 to read; 1 to change, if `displayName` or `description` changes",
        Operation.DELETE: "2 (read, delete)",
        Operation.SYNC: (
            "SCIM road: 1, 1 for audit events, 1 for each group that changed or was deleted; a list of all groups, if "
            "it is unclear which was deleted. People road: a list of all groups each time"
        ),
    },
    "ROLES": {Operation.GET: "1", Operation.SEARCH: "1, or 1 for each uid asked for"},
    "LICENSES": {Operation.GET: "1", Operation.SEARCH: "1, or 1 for each uid asked for"},
    names.ALL: {Operation.SYNC: "what people and groups cost"},
    "TEAMS": {
        Operation.GET: "1, and 1 for each 100 of its people",
        Operation.SEARCH: "1 for each 100 teams, or for each uid asked for",
        Operation.CREATE: "2 (look whether the name is taken, make), 1 for each person put in, and then 1 to look",
        Operation.UPDATE: (
            "1 to read; 1 to replace, if `name` or `description` changes; for people 1 to look who is in it, 1 for "
            "each who comes, goes, becomes a moderator or is one no longer, 1 to learn whose the token is if several "
            "things are taken away, and 2 to look again"
        ),
        Operation.DELETE: "3 (read, look who is in it, delete)",
    },
    "LOCATIONS": {
        Operation.GET: "1",
        Operation.SEARCH: "1 for each 500 locations, or for each uid asked for",
    },
}
"""
How many requests an operation costs when nothing goes wrong. The tests of the connector count them.
"""

_CALLING_LICENSE = "update together with `licenses`: 1 to read again, 1 for the list of licences"

MORE: dict[tuple[str, str], str] = {
    (names.ACCOUNT, "groups"): (
        "read: a walk of all groups, 1 for each 100 of them and for each 500 members beyond a group's first 500; "
        "write: 1 for each group joined or left, a replace also the walk"
    ),
    (names.ACCOUNT, "licenses"): "update: 1",
    (names.ACCOUNT, "siteUrls"): "update together with `licenses`: 1 to read again",
    (
        names.ACCOUNT,
        "extension",
    ): f"list: 1 request for each 100 people; {_CALLING_LICENSE}",
    (names.ACCOUNT, "locationId"): (
        f"list: 1 request for each 100 people, by location for each 50; {_CALLING_LICENSE}"
    ),
    ("TEAMS", "members"): "list: 1 for each team, and for each 100 people in it; paid once with `moderators`",
    ("TEAMS", "moderators"): "as `members`",
    (names.GROUP, "members"): (
        "read: 1 for each 500 beyond the first 500; create: 1 for each 500 beyond the first 500, and 1 to look; "
        "update: 1 for each 500 joining or leaving, and 1 to look"
    ),
}
"""
What an attribute costs beyond that.
"""


ROADS = """\
### Roads

Which requests read and write an attribute of a person. The property `road` chooses the road; unless it is set, the
SCIM road is taken where the token may use it. Somebody who is made has an address and a name: each row says what is
sent when one attribute more is given. **Many** says how many people one request serves when many are made or changed at
once. Reading is the same on both roads, except for what is kept here where only SCIM has it. An update of `licenses` or
`groups` is one by a run that gives or takes some of them; who waits for the answer is shown the person, which takes a
`GET /people/{id}` more, and so does replacing all licences.
"""
"""
What stands above the table of roads.
"""

KEPT = "[kept here](store.md)"
"""
Of attributes that stand beside Webex's object.
"""

_LEAST = ("emails", "displayName")


def _roads(info: ObjectClassInfo) -> str:
    header = ("attribute", "read", "people road: create", "update", "SCIM road: create", "many", "update", "many")
    rows = [
        (
            f"`{fact.name}`",
            f"`{read_by(fact.name).value}`" if fact.readable else "never",
            _made(fact, Road.PEOPLE),
            (_kept(fact) or _ways(changed_by(fact.name, Road.PEOPLE))) if fact.updateable else "never",
            _made(fact, Road.SCIM),
            _many_made(fact),
            _ways(changed_by(fact.name, Road.SCIM)) if fact.updateable else "never",
            _many_changed(fact),
        )
        for fact in info.attributes
    ]
    return f"{ROADS}\n{table(header, rows)}"


def _kept(fact: AttributeInfo) -> str:
    is_kept = needs_scim(fact.name) and any(each.name == fact.name for each in LOCAL[names.ACCOUNT])
    return KEPT if is_kept else ""


def _ways(ways: Iterable[Way]) -> str:
    return ", ".join(f"`{way.value}`" for way in ways) or "no"


def _made(fact: AttributeInfo, road: Road) -> str:
    if not fact.creatable:
        return "never"
    if road is Road.PEOPLE:
        return _kept(fact) or ("no" if needs_scim(fact.name) else _ways((Way.MAKE, *_members(fact))))
    plan = cheapest((*_LEAST, fact.name), people=True, bulk=False)
    return _ways((plan.first, *plan.then))


def _members(fact: AttributeInfo) -> tuple[Way, ...]:
    return tuple(way for way in given_after(fact.name, Way.MAKE, _LEAST) if way is Way.MEMBER)


def _many_made(fact: AttributeInfo) -> str:
    if not fact.creatable:
        return ""
    if fact.name == GROUPS:
        return str(MOST_MEMBERS)
    # Bulk does not show whether a creation obeyed, so each is disabled by a request of its own.
    fits = fact.name != names.ENABLE and fits_bulk_creation((*_LEAST, fact.name), people=True)
    return str(MOST_OPERATIONS) if fits else "1"


def _many_changed(fact: AttributeInfo) -> str:
    if not fact.updateable:
        return ""
    if fact.name == GROUPS:
        return str(MOST_MEMBERS)
    return str(MOST_OPERATIONS) if fits_bulk(replaced(fact.name, "")) else "1"


def page(schema: Schema) -> str:
    """
    Return the page for a schema. Raises KeyError for an object class whose costs nobody has written down.
    """
    parts = [TOP]
    for info in schema.object_classes:
        parts += [f"## `{info.name}`\n", f"{info.help}{_name(info)}{NAMED if info.name in OPTIONAL else ''}\n"]
        if COSTS[info.name]:
            parts.append(table(("operation", "requests"), [(op.value, cost) for op, cost in COSTS[info.name].items()]))
        if info.attributes:
            parts.append(attributes_of(info))
        parts += [_parts(fact) for fact in info.attributes if fact.fields]
        parts += [_roads(info)] if info.name == names.ACCOUNT else []
    searches = SEARCHES.format(people=_conditions(PEOPLE_CONDITIONS), groups=_conditions(GROUP_CONDITIONS))
    return "\n".join([*parts, "## Searches\n", searches])


def control_hub() -> Schema:
    """
    Return the schema of the Control Hub connector. Nothing is sent.
    """
    given = {"authenticationMethod": "TOKEN", "authToken": "no request is made", "objectClasses": OPTIONAL}
    unused = configured(PROPERTIES, given)
    return schema_with_local(schema_of(opened(unused, SystemClock(), MemoryVault())))


def _conditions(conditions: Iterable[tuple[str, Operator]]) -> str:
    return ", ".join(f"`{attribute}` ({WORDS[operator]})" for attribute, operator in conditions)


def _name(info: ObjectClassInfo) -> str:
    return f" `__NAME__` is `{info.name_attribute}`." if info.name_attribute else ""


def attributes_of(info: ObjectClassInfo) -> str:
    """
    Return the table of an object class's attributes.
    """
    header = ("attribute", "type", "write", "shown", "rules", "meaning", "further requests")
    rows = [
        (
            f"`{fact.name}`",
            _type(fact),
            _writing(fact),
            _shown(fact),
            _rules(fact),
            fact.help,
            MORE.get((info.name, fact.name), ""),
        )
        for fact in info.attributes
    ]
    return table(header, rows)


def _parts(fact: AttributeInfo) -> str:
    rows = [(f"`{part.name}`", part.type.value, "required" if part.required else "", part.help) for part in fact.fields]
    return f"Each of `{fact.name}` has\n\n" + table(("part", "type", "", "meaning"), rows)


def _type(fact: AttributeInfo) -> str:
    kind = fact.type.value
    if fact.refers_to:
        kind = f"uid of `{fact.refers_to}`" if not fact.fields else f"{kind} with a uid of `{fact.refers_to}`"
    return f"{kind}, many" if fact.many else kind


def _writing(fact: AttributeInfo) -> str:
    ways = [word for word, allowed in (("create", fact.creatable), ("update", fact.updateable)) if allowed]
    return ", ".join(ways) or "never"


def _shown(fact: AttributeInfo) -> str:
    if not fact.readable:
        return "never"
    if fact.returned_by_default:
        return "always"
    return "single read" if fact.returned_when_read else "asked for"


def _rules(fact: AttributeInfo) -> str:
    rules = ["required"] if fact.required else []
    rules += [KEPT] if fact.local else []
    rules += ["case matters"] if fact.case_sensitive else []
    rules += [f"needs {fact.needs_license}"] if fact.needs_license else []
    rules += [f"requires {_or(fact.requires)}"] if fact.requires else []
    rules += [f"excludes {_or(fact.excludes)}"] if fact.excludes else []
    return "; ".join(rules)


def _or(attributes: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in attributes)


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """
    Return a table.
    """
    lines = [header, ("---",) * len(header), *rows]
    text = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    # Outside of code, two underscores make bold letters.
    return re.sub(r"(?<!`)__[A-Z]+__(?!`)", r"`\g<0>`", text)


if __name__ == "__main__":
    sys.stdout.write(page(control_hub()))
