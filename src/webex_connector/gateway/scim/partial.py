"""
What a client is told of a write that Webex took in part only.

A creation has happened all the same: any answer but a success would have the client make the same once more. So the
success carries a warning, and the resource as it is. A change of what is there has failed: what could be done stays
done, and the same request, sent again, finishes it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from webex_connector.base.log import logger
from webex_connector.gateway.scim.call import Call
from webex_connector.gateway.scim.errors import Kind, Problem, later, refused
from webex_connector.icf.attributes import AttributeDelta
from webex_connector.icf.denials import NOTHING_DENIED
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.objects import NotApplied, WriteResult

log = logger("gateway")

NOT_APPLIED_URN: Final = "urn:webex-connector:params:scim:api:messages:2.0:NotApplied"
"""
The schema of what stands as `response` beside an operation of `Bulk` that is done but for a part.
"""

_MOST_TOLD: Final = 10


def warn_of(call: Call, parts: Sequence[NotApplied]) -> None:
    """
    Log what the target did not take.
    """
    for part in parts:
        log.warning(
            "scim.not_applied",
            system=call.system.facade.system,
            uid=call.uid,
            attribute=part.attribute,
            reason=part.reason,
            tracking_id=part.tracking_id,
        )


def refuse_partial(call: Call, result: WriteResult) -> None:
    """
    Return after a change that was made in full, as far as the client asked for it. Raises Problem for any other, after
    a line in the log: 503 with `Retry-After` when all that is missing failed for a while only, as the same request
    finishes it then, else 400 (invalidValue).
    """
    asked = [part for part in result.not_applied if part.asked]
    if asked:
        warn_of(call, result.not_applied)
        what = f"Not everything could be done, and what could be stays done. {_told(asked)}"
        if all(part.temporary for part in asked):
            raise Problem(503, what, headers=later(None))
        raise refused(Kind.INVALID_VALUE, what)


async def kept_or_undone(call: Call, made: WriteResult) -> WriteResult:
    """
    Return what was made, when it was made in full or the settings let it stay. Otherwise delete it and raise Problem
    (400, invalidValue); where that fails it stays, and the result says so.
    """
    asked = [part for part in made.not_applied if part.asked]
    if not asked or made.uid is None or not call.system.manner.strict_create:
        return made
    warn_of(replace(call, uid=made.uid), made.not_applied)
    # Who may make it may have it unmade, without the right to delete what others made.
    options = call.begun.options
    options = replace(options, actor=replace(options.actor, denials=NOTHING_DENIED))
    try:
        await call.system.facade.delete(call.resource.object_class, made.uid, options)
    except ConnectorError as error:
        stays = NotApplied("strict_create", (made.uid,), f"it stays: {error.message}", error.tracking_id)
        return replace(made, not_applied=(*made.not_applied, stays))
    raise refused(Kind.INVALID_VALUE, f"Not everything could be done, and nothing was made. {_told(asked)}")


def warning_of(result: WriteResult) -> dict[str, str]:
    """
    Return the header of a success that leaves a part out (`Warning`, RFC 7234, section 5.5; the code 299 is for
    whatever else there is to say); none where everything was taken.
    """
    if not result.not_applied:
        return {}
    # A quoted string of a header holds neither line breaks nor, safely, anything beyond ASCII.
    text = " ".join(_told(result.not_applied).split()).encode("ascii", "replace").decode()
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return {"Warning": f'299 - "Not applied: {quoted}"'}


def notice_of(result: WriteResult) -> dict[str, Any] | None:
    """
    Return the same as the body that goes along with an operation of `Bulk`.
    """
    if not result.not_applied:
        return None
    return {"schemas": [NOT_APPLIED_URN], "detail": f"Not applied: {_told(result.not_applied)}"}


def completed(made: WriteResult, deltas: Sequence[AttributeDelta], end: WriteResult | ConnectorError) -> WriteResult:
    """
    Return what became of a creation with the change that followed it. A change that failed is a part that was not
    applied: the object is there.
    """
    if isinstance(end, WriteResult):
        return replace(end, not_applied=(*made.not_applied, *end.not_applied))
    missed = tuple(NotApplied.by(each.name, each.values, end) for each in deltas)
    return replace(made, not_applied=(*made.not_applied, *missed))


def _told(parts: Sequence[NotApplied]) -> str:
    told = "; ".join(f"{part.attribute}: {part.reason}{_traced(part)}" for part in parts[:_MOST_TOLD])
    rest = len(parts) - _MOST_TOLD
    return f"{told}; and {rest} more, which the log names" if rest > 0 else told


def _traced(part: NotApplied) -> str:
    return f" (tracking id {part.tracking_id})" if part.tracking_id else ""
