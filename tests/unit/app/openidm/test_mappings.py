"""
Mappings of OpenIDM: read as they are, they say the same as our own.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes.memory_schema import ACCOUNT_INFO, GROUP_INFO
from fakes.virtual_time import VirtualClock
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.openidm.mapping import KNOWN
from webex_connector.app.openidm.without_effect import REASONS
from webex_connector.app.sync_file import load
from webex_connector.app.sync_sections.around import Around
from webex_connector.app.sync_settings import SyncSettings
from webex_connector.expressions.compiling import Expressions
from webex_connector.icf.schema import Schema
from webex_connector.sync.decide.definition import CorrelationRule, SyncMapping
from webex_connector.sync.decide.mapped import Mapped
from webex_connector.sync.decide.situation import Action, Profile, Situation
from webex_connector.sync.records import Page, Record
from webex_connector.sync.rules import compiled

pytestmark = pytest.mark.real_time

SCHEMAS = {"webex": Schema((ACCOUNT_INFO, GROUP_INFO), {})}

SYNC = """
[sources.hr]
type = "csv"
path = "hr.csv"
key = "number"

[openidm]
files = ["sync.json"]
sources = { "managed/user" = "hr" }
"""

OURS = """
[mappings.ours]
source = "hr"
target = "webex/__ACCOUNT__"
correlate = ["emails", ["firstName", "lastName"]]
valid_source = '(source["country"] != "XX") and ("active" in listed(source["status"]))'
link_qualifiers = ["default", "guest"]
source_keys_case_sensitive = false

[mappings.ours.attributes]
emails = "mail"
firstName = "givenName"
lastName = { expression = 'upper(source["sn"])' }
displayName = { expression = 'join("", source["givenName"], " ", source["sn"])' }
orgId = { default = "ORG" }
title = [
    { source = "job", condition = 'default(source["job"]) is not None' },
    { default = "Staff" },
]
licenses = { expression = '["L1"]', on_create_only = true }

[mappings.ours.situations]
SOURCE_MISSING = "UNLINK"
UNQUALIFIED = [
    { action = "DELETE", condition = '"true" in listed(source["external"])' },
    "REPORT",
]
"""


def script(source: str, type_: str = "text/javascript") -> dict[str, str]:
    """
    Return a script as mappings have it.
    """
    return {"type": type_, "source": source}


THEIRS: dict[str, Any] = {
    "name": "hr_webex",
    "source": "managed/user",
    "target": "system/webex/account",
    "linkQualifiers": ["default", "guest"],
    "sourceIdsCaseSensitive": False,
    "validSource": script("source.country != 'XX'"),
    "sourceCondition": '/source/status eq "active"',
    "correlationQuery": [
        {
            "linkQualifier": "default",
            **script("var q = {'_queryFilter': 'emails eq \"' + source.mail.toLowerCase() + '\"'}; q;"),
        },
        {
            "linkQualifier": "default",
            "expressionTree": {"any": [{"all": ["firstName", "lastName"]}]},
            "type": "text/javascript",
            "file": "ui/correlateTreeToQueryFilter.js",
        },
    ],
    "properties": [
        {"source": "_id", "target": "id"},
        {"source": "mail", "target": "emails", "transform": script("[source]")},
        {"source": "givenName", "target": "/firstName"},
        {"source": "sn", "target": "lastName", "transform": script("source?.toUpperCase()", "groovy")},
        {"source": "", "target": "displayName", "transform": script('source.givenName + " " + source.sn')},
        {"target": "orgId", "default": "ORG"},
        {"target": "title", "default": "Staff"},
        {"source": "job", "target": "title", "condition": "/object/job pr"},
        {"source": "made", "target": "created"},
    ],
    "onCreate": script("target.licenses = ['L1'];"),
    "policies": [
        {"situation": "SOURCE_MISSING", "action": "UNLINK", "postAction": script("mail(source)")},
        {"situation": "UNQUALIFIED", "action": script("object.external == 'true' ? 'DELETE' : 'REPORT'")},
    ],
    "taskThreads": 5,
    "enableSync": True,
    "sourceQuery": {"_queryFilter": "true"},
}
POLICY = {"situation": "UNQUALIFIED", "action": "DELETE", "condition": '/object/external eq "true"'}

RECORDS = [
    Record("A1", {"mail": ("a@x",), "givenName": ("Ana",), "sn": ("Lee",), "status": ("active",), "job": ("Boss",)}),
    Record("B2", {"mail": ("b@x",), "givenName": ("Bo",), "country": ("XX",), "status": ("active",)}),
    Record("C3", {"mail": ("c@x",), "sn": ("Chan",), "status": ("left",)}),
]


async def read(folder: Path, *mappings: Mapping[str, Any], own: str = "", sync: str = SYNC) -> SyncSettings:
    """
    Return what a sync file with these mappings of OpenIDM says.
    """
    (folder / "sync.json").write_text(json.dumps({"mappings": mappings}, indent=1))
    (folder / "sync.toml").write_text(sync + own)
    expressions = Expressions(workers=1)
    try:
        return await load(folder / "sync.toml", {}, SCHEMAS, expressions, Around(inline=True))
    finally:
        await expressions.aclose()


async def wrong(folder: Path, *mappings: Mapping[str, Any], sync: str = SYNC) -> list[str]:
    """
    Return what is told to be wrong.
    """
    with pytest.raises(SettingsMistakes) as found:
        await read(folder, *mappings, sync=sync)
    return [str(each).replace(f"{folder}/", "") for each in found.value.mistakes]


def without_places(mapping: SyncMapping) -> SyncMapping:
    """
    Return a mapping as it is, wherever it stands.
    """
    properties = tuple(
        replace(
            each,
            expression=None if each.expression is None else replace(each.expression, place=""),
            condition=None if each.condition is None else replace(each.condition, place=""),
        )
        for each in mapping.properties
    )
    policies = tuple(
        replace(each, condition=None if each.condition is None else replace(each.condition, place=""))
        for each in mapping.policies
    )
    valid = None if mapping.valid_source is None else replace(mapping.valid_source, place="")
    return replace(mapping, name="", place="", properties=properties, policies=policies, valid_source=valid)


async def mapped(mapping: SyncMapping, clock: VirtualClock) -> Sequence[Mapped]:
    """
    Return what a mapping makes of the records.
    """
    expressions = Expressions(workers=1)
    try:
        return await (await compiled(mapping, ACCOUNT_INFO, expressions, clock)).mapped(Page(RECORDS))
    finally:
        await expressions.aclose()


async def test_both_forms_say_the_same(tmp_path: Path, clock: VirtualClock) -> None:
    """
    One definition in both forms is one mapping, and gives equal values for every record.
    """
    theirs = {**THEIRS, "policies": [THEIRS["policies"][0], POLICY, {"situation": "UNQUALIFIED", "action": "REPORT"}]}
    found = (await read(tmp_path, theirs, own=OURS)).mappings
    ours, foreign = without_places(found["ours"]), without_places(found["hr_webex"])
    by_name = {each.target: each for each in ours.properties}
    assert {each.target: each for each in foreign.properties} == by_name
    assert replace(foreign, properties=ours.properties) == ours
    assert await mapped(found["hr_webex"], clock) == await mapped(found["ours"], clock)
    (ana, bo, chan, *guests) = await mapped(found["hr_webex"], clock)
    assert ana.attributes == {
        "emails": ("a@x",),
        "firstName": ("Ana",),
        "lastName": ("LEE",),
        "displayName": ("Ana Lee",),
        "orgId": ("ORG",),
        "title": ("Boss",),
    }
    assert (ana.key, ana.on_create, ana.qualifies) == ("a1", {"licenses": ("L1",)}, True)
    assert (bo.attributes["title"], bo.qualifies, chan.qualifies) == (("Staff",), False, False)
    assert {each.qualifier for each in guests} == {"guest"}


async def test_a_script_that_chooses_an_action_becomes_policies(tmp_path: Path) -> None:
    """
    One for each action, with its condition.
    """
    found = (await read(tmp_path, THEIRS)).mappings["hr_webex"]
    assert [
        (each.situation, each.action, None if each.condition is None else each.condition.text)
        for each in found.policies
    ] == [
        (Situation.UNQUALIFIED, Action.DELETE, 'source["external"] == "true"'),
        (Situation.UNQUALIFIED, Action.REPORT, None),
    ]
    assert found.actions == {Situation.SOURCE_MISSING: Action.UNLINK}


async def test_it_is_told_how_scripts_were_read_and_what_has_no_effect(tmp_path: Path) -> None:
    """
    Each with its line, so that people can compare.
    """
    found = await read(tmp_path, THEIRS)
    told = {each.setting.removeprefix("mappings.0."): each.words for each in found.remarks}
    assert told["properties.4.transform"] == ('is a script, read as: join("", source["givenName"], " ", source["sn"])')
    assert told["sourceCondition"] == 'is a filter, read as: "active" in listed(source["status"])'
    assert told["correlationQuery"] == "is read as rules: emails, then firstName and lastName"
    assert told["properties.0"] == "has no effect: the target gives id itself, and links say which object is whose"
    assert told["properties.8"] == "has no effect: created cannot be written"
    assert told["policies.0.postAction"].startswith("is not run")
    assert told["taskThreads"].startswith("has no effect")
    lines = (tmp_path / "sync.json").read_text().splitlines()
    (remark,) = [each for each in found.remarks if each.setting.endswith("taskThreads")]
    assert '"taskThreads"' in lines[int(remark.place.rpartition(":")[2]) - 1]


async def test_the_profile_is_the_safe_one_unless_it_is_said(tmp_path: Path) -> None:
    """
    A file without policies deletes nobody here; with `upstream` it does what OpenIDM does.
    """
    plain = {**THEIRS, "policies": []}
    safe = (await read(tmp_path, plain)).mappings["hr_webex"]
    sync = SYNC.replace("[openidm]", '[openidm]\nprofile = "upstream"')
    upstream = (await read(tmp_path, plain, sync=sync)).mappings["hr_webex"]
    assert (safe.profile, safe.default_action(Situation.UNQUALIFIED)) == (Profile.SAFE, Action.REPORT)
    assert upstream.default_action(Situation.UNQUALIFIED) is Action.DELETE


async def test_a_file_may_hold_one_mapping(tmp_path: Path) -> None:
    """
    As newer releases have it; its name is in the file's. A script may be a file next to the folder.
    """
    one = {name: value for name, value in THEIRS.items() if name != "name"}
    one["properties"] = [
        *THEIRS["properties"][:4],
        {"target": "displayName", "transform": {"type": "text/javascript", "file": "script/name.js"}},
    ]
    (tmp_path / "conf").mkdir()
    (tmp_path / "script").mkdir()
    (tmp_path / "script" / "name.js").write_text("source.sn + ', ' + source.givenName")
    (tmp_path / "conf" / "mapping-staff.json").write_text(json.dumps(one))
    found = await read(tmp_path, sync=SYNC.replace("sync.json", "conf/mapping-*.json"))
    ((name, mapping),) = found.mappings.items()
    (title,) = [each for each in mapping.properties if each.target == "displayName"]
    assert (name, title.expression is None or title.expression.text) == (
        "staff",
        'join("", source["sn"], ", ", source["givenName"])',
    )


async def test_links_of_the_other_direction_are_turned(tmp_path: Path) -> None:
    """
    As OpenIDM names them: by the mapping that made them.
    """
    back = {**THEIRS, "name": "webex_hr", "links": "hr_webex", "target": "system/webex/group"}
    back |= {"properties": [{"source": "cn", "target": "displayName"}], "onCreate": None, "correlationQuery": None}
    found = (await read(tmp_path, THEIRS, back)).mappings
    assert {name: (each.link_type, each.links_turned) for name, each in found.items()} == {
        "hr_webex": ("hr_webex", False),
        "webex_hr": ("hr_webex", True),
    }


async def test_every_rule_of_a_query_can_be_told(tmp_path: Path) -> None:
    """
    Alternatives are rules in order; what must hold together is one rule. Link qualifiers choose among them.
    """
    query = """({_queryFilter: "emails eq '" + source.mail + "' or (firstName eq '" + source.givenName
        + "' and lastName eq '" + source.sn + "')"})"""
    theirs = {**THEIRS, "correlationQuery": {"linkQualifier": "guest", **script(query)}}
    theirs |= {"validSource": None, "sourceCondition": None}
    found = (await read(tmp_path, theirs)).mappings["hr_webex"]
    assert found.correlation == (
        CorrelationRule(("emails",), (), "guest"),
        CorrelationRule(("firstName", "lastName"), (), "guest"),
    )
    assert found.valid_source is None


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"properties": {}}, "properties must be a list"),
    ({"properties": [7]}, "properties.0 must be a JSON object"),
    ({"properties": [{"source": "a"}]}, "properties.0 must have a target, and its source must be a text"),
    ({"properties": [{"target": "title"}]}, "properties.0 has neither source, transform nor default"),
    ({"properties": [{"source": "a", "target": "titel"}]}, "properties.0 __ACCOUNT__ has no attribute titel; did you"),
    ({"properties": [{"source": "a", "target": "title", "sorce": 1}]}, "properties.0.sorce is not a property"),
    (
        {"properties": [{"target": "title", "transform": script("openidm.read('x')")}]},
        "properties.0.transform cannot be said by an expression: `openidm` is not there.",
    ),
    (
        {"properties": [{"target": "title", "transform": script("1", "text/ruby")}]},
        "properties.0.transform cannot be said by an expression: text/ruby is not a language that is read here.",
    ),
    (
        {"properties": [{"target": "title", "transform": {"type": "groovy", "file": "script/none.groovy"}}]},
        "properties.0.transform cannot be said by an expression: its file script/none.groovy is neither in",
    ),
    (
        {"properties": [{"target": "title", "transform": {**script("x"), "globals": {"x": 1}}}]},
        "properties.0.transform cannot be said by an expression: it has globals.",
    ),
    (
        {"properties": [{"target": "title", "transform": {"type": "groovy"}}]},
        "properties.0.transform cannot be said by an expression: it has neither source nor file.",
    ),
    ({"properties": [{"target": "title", "transform": "x"}]}, "properties.0.transform cannot be said by an expression"),
    (
        {"properties": [{"source": "a", "target": "title", "condition": "/b pr"}]},
        "properties.0.condition cannot be said by an expression: /b is not there;",
    ),
    ({"onCreate": script("target.title = 1; source.x()")}, "onCreate cannot be said by an expression: it does more"),
    ({"onCreate": script("target.titel = 1")}, "onCreate __ACCOUNT__ has no attribute titel"),
    ({"onUpdate": script("x")}, "onUpdate is not done here: say it by properties"),
    ({"correlationScript": script("x")}, "correlationScript is not done here: name attributes"),
    ({"consentRequired": True}, "consentRequired is not done here: say by sourceCondition"),
    ({"correlationQuery": "x"}, "correlationQuery must be a script"),
    (
        {"correlationQuery": script("var q = {'_queryId': 'for-userName'}; q")},
        "correlationQuery cannot be said by rules: it gives no _queryFilter.",
    ),
    (
        {"correlationQuery": script("({'_queryFilter': 'emails eq \"' + source.other + '\"'})")},
        'correlationQuery cannot be said by rules: it compares emails with source["other"], which is not what',
    ),
    (
        {"correlationQuery": script("({'_queryFilter': 'emails sw \"' + source.mail + '\"'})")},
        "correlationQuery cannot be said by rules: it does more than compare attributes for equality.",
    ),
    (
        {"correlationQuery": script("({'_queryFilter': 'emails eq \"a@x\"'})")},
        "correlationQuery cannot be said by rules: it compares emails with a text of its own.",
    ),
    (
        {"correlationQuery": script("({'_queryFilter': 'emails'})")},
        "correlationQuery cannot be said by rules: its _queryFilter is none:",
    ),
    (
        {"correlationQuery": {"expressionTree": {"none": []}, **script("x")}},
        "correlationQuery cannot be said by rules: its expressionTree has more than any and all of attributes.",
    ),
    (
        {"correlationQuery": {"expressionTree": {"any": ["mials"]}, **script("x")}},
        "correlationQuery cannot be said by rules: __ACCOUNT__ has no attribute mials",
    ),
    ({"policies": {}}, "policies must be a list"),
    ({"policies": [{"situation": "LEFT", "action": "DELETE"}]}, "policies.0.situation is no situation: LEFT; there"),
    ({"policies": [{"situation": "ABSENT", "action": "MAKE"}]}, "policies.0.action is no action: MAKE; there are"),
    (
        {"policies": [{"situation": "ABSENT", "action": script("source.x")}]},
        "policies.0.action cannot be said by conditions: it chooses something that is no action.",
    ),
    ({"linkQualifiers": script("['a']")}, "linkQualifiers is a script; write the list"),
    ({"sourceQuery": {"_queryFilter": '/x eq "1"'}}, "sourceQuery reads a part only"),
    ({"source": "managed/role"}, "source is managed/role, which is no source here; say which one it is: [openidm.sou"),
    ({"target": "managed/user"}, "target is managed/user, which is no system here; say which one it is: [openidm.tar"),
    ({"target": "system/webex/robot"}, "target names no object class of webex: robot; there are: __ACCOUNT__, __GRO"),
    ({"allowEmptySourceSet": "maybe"}, "allowEmptySourceSet must be true or false, not 'maybe'"),
    ({"taskTreads": 1}, "taskTreads is not a property; did you mean taskThreads?"),
    ({"links": "hr_webx"}, "mappings.hr_webex.links names the unknown mapping hr_webx; did you mean hr_webex?"),
]


@pytest.mark.parametrize(("change", "problem"), WRONG, ids=[problem[:40] for _, problem in WRONG])
async def test_what_is_wrong_is_told_with_its_place(change: dict[str, Any], problem: str, tmp_path: Path) -> None:
    """
    Each mistake of a mapping, on its line.
    """
    told = await wrong(tmp_path, {**THEIRS, **change})
    line, _, words = told[0].removeprefix("sync.json:").partition(": ")
    assert [each.split(": ", 1)[1].removeprefix("mappings.0.").startswith(problem) for each in told].count(True) == 1
    assert line.isdecimal()
    assert words


async def test_one_script_is_one_mistake(tmp_path: Path) -> None:
    """
    What cannot be read is not told again as something that lacks a value.
    """
    unreadable = script("new Date()")
    change = {"correlationQuery": unreadable, "policies": [{"situation": "ABSENT", "action": unreadable}]}
    told = [each.partition(": ")[2] for each in await wrong(tmp_path, {**THEIRS, **change})]
    assert sorted(each.partition(". ")[0] for each in told) == [
        "mappings.0.correlationQuery cannot be said by rules: line 1 has `new`",
        "mappings.0.policies.0.action cannot be said by conditions: line 1 has `new`",
    ]


async def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """
    Missing, no JSON, none that fits, no mapping in it, a mapping of the same name twice.
    """
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "other.json").write_text("[]")
    (tmp_path / "odd.json").write_text('{"mappings": 7}')
    files = '["none.json", "bad.json", "x-*.json", "other.json", "odd.json", "sync.json"]'
    told = await wrong(tmp_path, THEIRS, THEIRS, sync=SYNC.replace('["sync.json"]', files))
    assert [re.sub(r"^sync.json:[0-9]+", "sync.json:…", each) for each in sorted(told)] == [
        (
            "bad.json: is no JSON text in UTF-8: Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1)"
        ),
        "none.json: cannot be read: No such file or directory",
        "odd.json:1: mappings must be a list",
        "other.json: holds no mapping: neither `mappings` nor `properties`",
        "sync.json:…: mappings.1.name comes twice: hr_webex",
        "sync.toml:8: openidm.files finds nothing: x-*.json",
    ]


def test_every_member_that_is_read_is_either_used_or_explained() -> None:
    """
    The whole table of OpenIDM's documentation is known.
    """
    documented = """name displayName icon source target links linkQualifiers enableSync enableLinking sourceCondition
        validSource validTarget correlationQuery correlationScript properties policies onCreate onUpdate onDelete onLink
        onUnlink onMapping postMapping onRecon result defaultMapping sourceQuery targetQuery sourceQueryFullEntry
        targetQueryFullEntry runTargetPhase allowEmptySourceSet correlateEmptyTargetSet prefetchLinks taskThreads
        feedSize reconSourceQueryPaging reconSourceQueryPageSize reconTargetQueryPaging reconTargetQueryPageSize
        clusteredSourceReconEnabled sourceIdsCaseSensitive targetIdsCaseSensitive optimizeAssignmentSync
        triggerSyncProperties syncAfter defaultSourceFields defaultTargetFields queuedSync reconAssociation
        consentRequired"""
    assert set(documented.split()) == set(KNOWN)
    assert all(REASONS.values())
