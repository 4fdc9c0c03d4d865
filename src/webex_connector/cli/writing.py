"""
`create`, `update` and `delete`. Nothing destructive happens without `--yes`.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from cyclopts import Parameter

from webex_connector.cli import output, words
from webex_connector.cli.common import DEFAULTS, Common, facade_of, signed
from webex_connector.cli.exits import Exit
from webex_connector.cli.reading import uid_of
from webex_connector.cli.short_ids import shortened_path
from webex_connector.gateway.idm.objects import Fields, View, warnings_of
from webex_connector.icf.attributes import AttributeDelta
from webex_connector.icf.facade import Facade
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.operations import Change, ChangeRequest
from webex_connector.icf.ports import Harm
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.icf.writing import harm_of

_WHOLE = Fields(revision=False)

DryRun = Annotated[
    bool,
    Parameter(negative="", help="Show what would be sent to Webex and change nothing."),
]
Yes = Annotated[bool, Parameter(negative="", help="Really do it.")]
StandardInput = Annotated[
    Literal["-"] | None,
    Parameter(allow_leading_hyphen=True, help="Read attributes as a JSON object from standard input."),
]


Set = Annotated[
    tuple[str, ...],
    Parameter(name="--set", negative="", help="name=value: give an attribute this value; may be repeated."),
]
Spelled = Annotated[words.Assignments, Parameter(name="*")]
NOTHING_SPELLED = words.Assignments()


async def create(
    object_class: str,
    body: StandardInput = None,
    /,
    *,
    set_: Set = (),
    dry_run: DryRun = False,
    common: Common = DEFAULTS,
) -> Exit:
    """
    Make an object.

    A value may be JSON: --set 'licenses=["id1","id2"]'. A name given twice has both values.

    Parameters
    ----------
    object_class
        account or group.
    """
    given = _standard_input(body)
    async with facade_of(common) as facade:
        info = words.object_class(facade.schema, object_class)
        attributes = words.new_attributes(info, set_, given)
        result = await facade.create(info.name, attributes, signed(dry_run=dry_run))
    return told(info, result, common, done="Created", dry_run=dry_run)


async def update(
    object_class: str,
    who: str,
    body: StandardInput = None,
    /,
    *,
    spelled: Spelled = NOTHING_SPELLED,
    dry_run: DryRun = False,
    yes: Yes = False,
    common: Common = DEFAULTS,
) -> Exit:
    """
    Change an object. What is not mentioned stays as it is.

    An empty value clears: --set title=. Disabling an account (--set __ENABLE__=false) is a dry run unless --yes is
    given, since Webex deletes people who stay inactive for 30 days.

    Parameters
    ----------
    object_class
        account or group.
    who
        Its name, for people their e-mail address, or its id.
    """
    given = _standard_input(body)
    async with facade_of(common) as facade:
        info = words.object_class(facade.schema, object_class)
        uid = await uid_of(facade, info, who, signed())
        from_body = () if given is None else await _confirmed(facade, info, uid, given)
        deltas = words.changes(info, spelled, from_body)
        harm = harm_of(ChangeRequest(Change.UPDATE, uid, deltas=tuple(deltas)))
        dry = dry_run if harm is None else is_dry(harm, info, dry_run=dry_run, yes=yes)
        result = await facade.update(info.name, uid, deltas, signed(dry_run=dry))
    if dry:
        for line in (line for delta in deltas for line in words.sentences_of(delta)):
            output.note(f"would change: {line}")
    return told(info, result, common, done="Updated", dry_run=dry)


async def delete(
    object_class: str,
    who: str,
    /,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
    common: Common = DEFAULTS,
) -> Exit:
    """
    Remove an object. A dry run unless --yes is given: a deleted person does not come back.

    Parameters
    ----------
    object_class
        account or group.
    who
        Its name, for people their e-mail address, or its id.
    """
    async with facade_of(common) as facade:
        info = words.object_class(facade.schema, object_class)
        uid = await uid_of(facade, info, who, signed())
        dry = is_dry(Harm.DELETE, info, dry_run=dry_run, yes=yes)
        result = await facade.delete(info.name, uid, signed(dry_run=dry))
    return told(info, result, common, done="Deleted", dry_run=dry)


def _standard_input(body: str | None) -> bytes | None:
    return None if body is None else sys.stdin.buffer.read()


async def _confirmed(facade: Facade, info: ObjectClassInfo, uid: str, body: bytes) -> Sequence[AttributeDelta]:
    """
    Return what a body changes. A read-only attribute in it is fine when the object has just that value: people send
    back what `get --json` gave them.
    """
    found = words.replacement_in(info, uid, body)
    if not found.unchanged:
        return found.deltas
    current = await facade.get(info.name, uid, replace(signed(), attributes_to_get=found.to_read))
    return found.confirmed(current, info)


def is_dry(harm: Harm, info: ObjectClassInfo, *, dry_run: bool, yes: bool) -> bool:
    """
    Say whether a destructive change is tried only, after telling what it would mean.
    """
    warning = info.when_disabled if harm is Harm.DISABLE else info.when_deleted
    if warning:
        output.note(warning)
    if not yes and not dry_run:
        output.note("This is a dry run; add --yes to do it.")
    return dry_run or not yes


def told(
    info: ObjectClassInfo, result: WriteResult, common: Common, *, done: str, dry_run: bool, shown: bool = True
) -> Exit:
    """
    Tell what came of a write, and return the exit code that says so; people see the object if it is to be `shown`.
    """
    found = result.after or result.before
    row = None if found is None else View(info, _WHOLE).row(found)
    if common.as_json:
        output.show_json(
            {
                "_id": result.uid,
                "changed": result.changed and not dry_run,
                "dryRun": dry_run,
                "withheld": result.withheld,
                "object": row,
                "_warnings": warnings_of(result.not_applied),
            },
        )
    elif shown:
        output.show_pairs(row or {"_id": result.uid})
    for line in result.withheld:
        output.note(f"not sent: {shortened_path(line) if output.on_terminal() else line}")
    for part in result.not_applied:
        what = f"not applied: {part.attribute} {output.text_of(part.values)}: " if _is_missed(part) else "note: "
        output.note(f"{what}{part.reason}")
    output.note(_outcome(result, done, dry_run=dry_run))
    return Exit.PARTIAL if any(map(_is_missed, result.not_applied)) else Exit.OK


def _outcome(result: WriteResult, done: str, *, dry_run: bool) -> str:
    if dry_run:
        return "Nothing was changed."
    if not result.changed:
        return "It already was so; nothing was changed."
    return f"{done}, except for what is listed above." if any(map(_is_missed, result.not_applied)) else f"{done}."


def _is_missed(part: NotApplied) -> bool:
    """
    Say whether something was to be given and was not; the rest is what a target says of what it did.
    """
    return part.asked or bool(part.values)
