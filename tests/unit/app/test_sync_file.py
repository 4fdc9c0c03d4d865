"""
The sync file: what it says, and everything that is wrong with it at once.
"""

from pathlib import Path

import pytest

from fakes.memory_schema import ACCOUNT_INFO, GROUP_INFO
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.sync_file import load
from webex_connector.app.sync_sections.around import Around
from webex_connector.app.sync_settings import SyncSettings
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.values import Expression
from webex_connector.icf import names
from webex_connector.icf.schema import Schema
from webex_connector.policy.safety import USUAL, Harm, Limits, Threshold
from webex_connector.sync.decide.definition import CorrelationRule, PropertyMapping, SituationPolicy
from webex_connector.sync.decide.situation import Action, Profile, Situation
from webex_connector.sync.errors import SourceFailed

SCHEMAS = {name: Schema((ACCOUNT_INFO, GROUP_INFO), {}) for name in ("webex", "directory")}

WHOLE = """
[sources.hr]
type = "csv"
path = "hr.csv"
key = "number"
columns = ["mail", "cn", "job", "boss"]
many = { groups = ";" }

[mappings.people]
source = "hr"
target = "webex/__account__"
correlate = [{ attribute = "emails", aliases = ["displayName"] }, ["firstName", "lastName"], "displayname"]
valid_source = "source['cn'] != ''"
allow_empty_source = true

[mappings.people.attributes]
emails = "mail"
displayName = { expression = "source['cn']", default = "Nobody" }
licenses = { value = ["L1", "L2"], on_create_only = true }
title = [{ source = "job", condition = "source['cn'] == 'Boss'" }, { value = "Staff" }]
managerId = { source = "boss", reference = true }

[mappings.people.situations]
SOURCE_MISSING = { action = "DELETE", after_days = 14 }
UNQUALIFIED = [{ action = "DISABLE", condition = "target['title'] != 'Boss'" }, "REPORT"]
AMBIGUOUS = "IGNORE"

[safety]
delete_percent = 1.5
create_count = 100
shrinking_percent = -1
protected = ["Boss@Example.com"]
"""


async def read(folder: Path, text: str) -> SyncSettings:
    """
    Return what a file with this text says.
    """
    file = folder / "sync.toml"
    file.write_text(text)
    expressions = Expressions(workers=1)
    try:
        return await load(file, {}, SCHEMAS, expressions, Around(inline=True))
    finally:
        await expressions.aclose()


async def test_everything_that_can_be_said_is_read(tmp_path: Path) -> None:
    """
    Sources, mappings and limits, with names as the schema writes them and the place of each expression.
    """
    found = await read(tmp_path, WHOLE)
    people, file = found.mappings["people"], tmp_path / "sync.toml"
    assert (people.source, people.system, people.object_class) == ("hr", "webex", names.ACCOUNT)
    assert people.properties == (
        PropertyMapping("emails", "mail"),
        PropertyMapping("displayName", None, Expression("source['cn']", f"{file}:18"), default=("Nobody",)),
        PropertyMapping("licenses", constant=("L1", "L2"), on_create_only=True),
        PropertyMapping("title", "job", condition=Expression("source['cn'] == 'Boss'", f"{file}:20")),
        PropertyMapping("title", constant=("Staff",)),
        PropertyMapping("managerId", "boss", reference=True),
    )
    assert people.correlation == (
        CorrelationRule(("emails",), ("displayName",)),
        CorrelationRule(("firstName", "lastName")),
        CorrelationRule(("displayName",)),
    )
    assert people.policies == (
        SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE, None, 14),
        SituationPolicy(Situation.UNQUALIFIED, Action.DISABLE, Expression("target['title'] != 'Boss'", f"{file}:25")),
        SituationPolicy(Situation.UNQUALIFIED, Action.REPORT),
    )
    assert people.actions == {Situation.AMBIGUOUS: Action.IGNORE}
    assert (people.profile, people.allow_empty_source) == (Profile.SAFE, True)
    assert people.valid_source == Expression("source['cn'] != ''", f"{file}:13")
    assert found.limits == Limits(
        {**USUAL, Harm.DELETE: Threshold(percent=1.5), Harm.CREATE: Threshold(100)},
        None,
        protected=frozenset({"boss@example.com"}),
    )


async def test_a_source_of_the_file_can_be_read(tmp_path: Path) -> None:
    """
    Its path begins at the sync file's folder.
    """
    (tmp_path / "hr.csv").write_text("number,mail,cn,job,boss,groups\n1,a@x,Ana,,,A;B\n")
    source = (await read(tmp_path, WHOLE)).sources["hr"].opened("hr")
    (record,) = [each async for page in source.read() for each in page.records]
    assert (record.key, record.values("groups")) == ("1", ("A", "B"))


async def test_a_source_that_is_not_there_is_told_when_it_is_read(tmp_path: Path) -> None:
    """
    Not before: the file may come later than the settings.
    """
    source = (await read(tmp_path, WHOLE)).sources["hr"].opened("hr")
    with pytest.raises(SourceFailed, match="No such file"):
        _ = [page async for page in source.read()]


WRONG = """
[sources.hr]
type = "cvs"
[sources.list]
type = "json_lines"
path = "x"
kee = "id"
[sources.other]
type = "csv"
path = "x"
key = "id"
delimiter = ";;"

[mappings.a]
source = "rh"
target = "web/__ACCOUNT__"
attributes = {}
[mappings.b]
source = "rh"
target = "webex/PEOPLE"
attributes = {}
[mappings.people]
source = "hr"
target = "webex/__ACCOUNT__"
correlate = ["mails", 7]

[mappings.people.attributes]
emails = "mail"
displayNam = "cn"
created = "made"
title = { source = "a", expression = "b" }
department = { sorce = "a" }
manager = 7

[mappings.people.situations]
LEAVER = "DELETE"
MISSING = "DROP"
ABSENT = { action = "CREATE", after_days = 3 }

[safety]
delete_percent = -5
[stuff]
"""


async def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """
    Each with its line, and what there is or was meant.
    """
    with pytest.raises(SettingsMistakes) as found:
        await read(tmp_path, WRONG)
    told = [str(each).removeprefix(f"{tmp_path}/sync.toml:") for each in found.value.mistakes]
    assert told == [
        "3: sources.hr.type must be one of csv, json_lines, ldap, scim, sql, system, not cvs",
        "4: sources.list.key is required",
        "7: sources.list.kee is not a property; did you mean key?",
        "12: sources.other.delimiter must be one character",
        "15: mappings.a.source names the unknown source rh; there are: hr, list, other",
        "16: mappings.a.target names the unknown system web; did you mean webex?",
        "19: mappings.b.source names the unknown source rh; there are: hr, list, other",
        "20: mappings.b.target names no object class of webex: PEOPLE; there are: __ACCOUNT__, __GROUP__",
        "25: mappings.people.correlate __ACCOUNT__ has no attribute mails; did you mean emails?",
        "25: mappings.people.correlate must have names, lists of names, or tables with attribute and aliases, not 7",
        "27: mappings.people.attributes must say where displayName comes from, without which nothing can be made",
        "27: mappings.people.attributes must say where licenses comes from, without which nothing can be made",
        "29: mappings.people.attributes.displayNam __ACCOUNT__ has no attribute displayNam; did you mean displayName?",
        "30: mappings.people.attributes.created cannot be written",
        "31: mappings.people.attributes.title must have one of source, expression, value",
        (
            "32: mappings.people.attributes.department has the unknown sorce; there are: "
            "condition, default, expression, on_create_only, reference, source, through, value"
        ),
        (
            "33: mappings.people.attributes.manager must be the name of an attribute of the record, or a table with "
            "source, expression or value"
        ),
        "36: mappings.people.situations.LEAVER is no situation; there are: " + ", ".join(Situation.__members__),
        "37: mappings.people.situations.MISSING names the unknown action DROP; there are: "
        + ", ".join(Action.__members__),
        (
            "38: mappings.people.situations.ABSENT has after_days, which goes with DELETE and is a whole number of "
            "days from 1"
        ),
        "41: safety.delete_percent must be zero or more, or -1",
        "42: stuff is no table of the sync file; there are: sources, mappings, openidm, safety, apply",
    ]


MISEXPRESSED = """
[sources.hr]
type = "csv"
path = "hr.csv"
key = "number"
columns = ["mail", "cn"]

[mappings.people]
source = "hr"
target = "webex/__ACCOUNT__"
valid_source = "source['status'] == 'active'"
valid_target = "target['displayName'] + 7 == 'x'"

[mappings.people.attributes]
emails = "mail"
displayName = { expression = "lower(source['cn']" }
licenses = { value = "L1", condition = "lower(source['mial'])" }

[mappings.people.situations]
MISSING = { action = "CREATE", condition = "hired" }
"""


@pytest.mark.real_time
async def test_mistakes_in_expressions_are_told_with_all_others(tmp_path: Path) -> None:
    """
    In their form, their names, their attributes and their types, each with its line.
    """
    with pytest.raises(SettingsMistakes) as found:
        await read(tmp_path, MISEXPRESSED + "[stuff]\n")
    told = [str(each).removeprefix(f"{tmp_path}/sync.toml:") for each in found.value.mistakes]
    assert [each.partition(" is wrong in line 1, ")[::2] for each in told] == [
        ("11: mappings.people.valid_source", "column 8: source has no attribute status"),
        (
            "12: mappings.people.valid_target",
            "column 1: Operator + is not supported between objects of type str and Literal[7]",
        ),
        ("16: mappings.people.properties.2.displayName", "column 19: it is no expression: '(' was never closed"),
        (
            "17: mappings.people.properties.3.licenses.condition",
            "column 14: source has no attribute mial; did you mean mail?",
        ),
        ("20: mappings.people.policies.1.condition", "column 1: Name hired used when not defined"),
        ("21: stuff is no table of the sync file; there are: sources, mappings, openidm, safety, apply", ""),
    ]


BOTH_WAYS = """
[sources.hr]
type = "csv"
path = "hr.csv"
key = "number"
[sources.webex]
type = "json_lines"
path = "webex.jsonl"
key = "id"

[mappings.there]
source = "hr"
target = "webex/__GROUP__"
attributes = { displayName = "cn" }
[mappings.back]
source = "webex"
target = "directory/__GROUP__"
links = "there"
attributes = { displayName = "displayName" }
[mappings.more]
source = "hr"
target = "webex/__GROUP__"
links = "there"
attributes = { displayName = "cn" }
"""


async def test_links_are_shared_with_the_other_direction(tmp_path: Path) -> None:
    """
    A mapping between the same ends shares them as they are; any other one sees them from the other end.
    """
    found = (await read(tmp_path, BOTH_WAYS)).mappings
    assert {name: (each.link_type, each.links_turned) for name, each in found.items()} == {
        "there": ("there", False),
        "back": ("there", True),
        "more": ("there", False),
    }


async def test_links_that_cannot_be_shared_are_told(tmp_path: Path) -> None:
    """
    Of no mapping, of one that has none of its own, and where deletions wait for their day.
    """
    wrong = BOTH_WAYS.replace('links = "there"', 'links = "their"', 1).replace('links = "there"', 'links = "back"', 1)
    waiting = BOTH_WAYS + '[mappings.back.situations]\nSOURCE_MISSING = { action = "DELETE", after_days = 3 }'
    told = []
    for text in (wrong, waiting):
        with pytest.raises(SettingsMistakes) as found:
            await read(tmp_path, text)
        told += [str(each).removeprefix(f"{tmp_path}/sync.toml:") for each in found.value.mistakes]
    assert told == [
        "15: mappings.back.links names the unknown mapping their; did you mean there?",
        "20: mappings.more.links names back, which itself shares the links of their",
        "15: mappings.back.links goes the other way, and after_days goes with links of its own only",
    ]


async def test_references_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    """
    Through a mapping that there is not, or together with what does not go with them.
    """
    told = []
    for given in ('through = "ther"', 'through = "there"', 'through = "there", reference = true', "through = 3"):
        text = BOTH_WAYS.replace(
            'displayName = "displayName"', f'displayName = {{ source = "displayName", {given} }}', 1
        )
        assert text != BOTH_WAYS
        with pytest.raises(SettingsMistakes) as found:
            await read(tmp_path, text)
        told += [each.problem for each in found.value.mistakes if "through" in each.problem]
    assert told == [
        "leads through the unknown mapping ther; did you mean there?",
        "leads through there into webex, and not into directory",
        "has through, which does not go with reference",
        "has a through that is none",
    ]


async def test_attributes_that_records_do_not_have_are_told(tmp_path: Path) -> None:
    """
    Where the source says what its records have: a misspelt column would clear the attribute for everybody.
    """
    with pytest.raises(SettingsMistakes) as found:
        await read(tmp_path, WHOLE.replace('"boss"]', '"bos"]').replace('emails = "mail"', 'emails = "x"'))
    assert [str(each).removeprefix(f"{tmp_path}/sync.toml:") for each in found.value.mistakes] == [
        (
            "9: mappings.people.attributes.emails comes from x, which records of hr do not have; there are: number, "
            "mail, cn, job, bos, groups"
        ),
        "9: mappings.people.attributes.managerId comes from boss, which records of hr do not have; did you mean bos?",
    ]


async def test_an_expression_of_records_does_not_see_the_object(tmp_path: Path) -> None:
    """
    Which object is a record's is found out afterwards, by what the expressions gave.
    """
    with pytest.raises(SettingsMistakes, match="displayName looks at target, which is not known yet"):
        await read(tmp_path, WHOLE.replace("source['cn']\",", "target['displayName']\",", 1))
