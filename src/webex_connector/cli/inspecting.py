"""
`test` and `schema`: is it working, and what is there.
"""

from typing import Any

from webex_connector.cli import output, words
from webex_connector.cli.common import DEFAULTS, Common, facade_of, signed
from webex_connector.cli.exits import Exit
from webex_connector.cli.table import Rows
from webex_connector.icf.objects import Finding, TestReport, Verdict
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo, Schema


async def check(*, common: Common = DEFAULTS) -> Exit:
    """
    Check that Webex can be reached and used with the configured credentials.

    Each check says yes, no, unknown or warning, why, and what to do about it. Nothing is changed.
    """
    async with facade_of(common) as facade:
        report = await facade.test(signed())
    if common.as_json:
        output.show_json({"system": facade.system, "ok": report.ok, "findings": findings_of(report)})
    else:
        show_findings(report)
    return Exit.OK if report.ok else Exit.FAILED


def findings_of(report: TestReport) -> list[dict[str, Any]]:
    """
    Return what a test found, for machines.
    """
    return [
        {
            "subject": each.subject,
            "ok": each.ok,
            "verdict": each.verdict.value,
            "detail": each.detail,
            "remedy": each.remedy,
            "trackingId": each.tracking_id,
        }
        for each in report.findings
    ]


def show_findings(report: TestReport) -> None:
    """
    Show what a test found as a table.
    """
    rows = Rows(("", "check", "verdict", "finding", "what to do"))
    rows.add(
        [
            {
                "": _mark(each),
                "check": each.subject,
                "verdict": each.verdict.value,
                "finding": each.detail,
                "what to do": each.remedy,
            }
            for each in report.findings
        ],
    )


async def schema(object_class: str | None = None, /, *, common: Common = DEFAULTS) -> Exit:
    """
    Show object classes and their attributes.

    Nothing is asked of Webex.

    Parameters
    ----------
    object_class
        Only this one: account, group, roles, licenses.
    """
    async with facade_of(common) as facade:
        found = facade.schema
    chosen = found.object_classes if object_class is None else (words.object_class(found, object_class),)
    if common.as_json:
        output.show_json({info.name: _described(found, info) for info in chosen})
    elif object_class is None:
        rows = Rows(("object class", "operations", "what it is"))
        rows.add(
            [
                {"object class": each.name, "operations": _operations(found, each), "what it is": each.help}
                for each in chosen
            ],
        )
    else:
        rows = Rows(("attribute", "type", "flags", "what it is"))
        rows.add([_attribute_row(fact) for fact in chosen[0].attributes])
    return Exit.OK


def _mark(finding: Finding) -> str:
    if not finding.ok:
        return "✗"
    return {Verdict.YES: "✓", Verdict.WARNING: "!"}.get(finding.verdict, "?")


def _operations(found: Schema, info: ObjectClassInfo) -> list[str]:
    return sorted(operation.value for operation in found.operations[info.name])


def _described(found: Schema, info: ObjectClassInfo) -> dict[str, Any]:
    return {
        "help": info.help,
        "nameAttribute": info.name_attribute,
        "operations": _operations(found, info),
        "attributes": {
            fact.name: {
                "type": fact.type.value,
                "help": fact.help,
                "flags": _flags(fact),
                "fields": {part.name: part.type.value for part in fact.fields},
                "refersTo": fact.refers_to,
                "needsLicense": fact.needs_license,
                "requires": fact.requires,
                "excludes": fact.excludes,
            }
            for fact in info.attributes
        },
    }


def _flags(fact: AttributeInfo) -> list[str]:
    """
    Return the flags as OpenICF calls them.
    """
    flags = {
        "REQUIRED": fact.required,
        "MULTIVALUED": fact.many,
        "NOT_CREATABLE": not fact.creatable,
        "NOT_UPDATEABLE": not fact.updateable,
        "NOT_READABLE": not fact.readable,
        "NOT_RETURNED_BY_DEFAULT": not fact.returned_by_default,
    }
    return [flag for flag, is_set in flags.items() if is_set]


def _attribute_row(fact: AttributeInfo) -> dict[str, Any]:
    licensed = f" Needs {fact.needs_license}." if fact.needs_license else ""
    return {
        "attribute": fact.name,
        "type": fact.type.value,
        "flags": _flags(fact),
        "what it is": f"{fact.help}{licensed}",
    }
