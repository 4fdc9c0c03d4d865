"""
Making, replacing, changing and deleting one resource.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from starlette.responses import Response

from webex_connector.base.log import logger
from webex_connector.gateway.scim.asked import NOTHING_ASKED
from webex_connector.gateway.scim.bodies import Given, creation_of, replacement_of
from webex_connector.gateway.scim.call import Call, answered, found
from webex_connector.gateway.scim.errors import Problem
from webex_connector.gateway.scim.granting import with_ids
from webex_connector.gateway.scim.partial import completed, kept_or_undone, refuse_partial, warn_of, warning_of
from webex_connector.gateway.scim.reading import current, refuse_other_version
from webex_connector.gateway.scim.settled import leaves_nobody, refuse_other_address, refuse_taken_name, without_fixed
from webex_connector.gateway.scim.shown import Shown
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values, replaced
from webex_connector.icf.errors import AlreadyExists, ConnectorError, UnknownUid
from webex_connector.icf.objects import ConnectorObject, WriteResult

log = logger("gateway")

UNSEEN: Final = "The change is made, but the resource cannot be read now"
"""
What stands before the reason why the answer to a write cannot show what came of it.
"""

_OUT_OF_SIGHT: Final = (
    "The change is made, and the resource cannot be seen any more: it was deleted meanwhile, or is a team that the "
    "owner of Webex's token has left"
)

DRY_RUN_URN: Final = "urn:webex-connector:params:scim:api:messages:2.0:DryRun"


class Unseen(Problem):
    """
    A write is made, and Webex does not show what came of it. It is 500, since clients repeat a 503 by themselves.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(500, f"{UNSEEN}: {reason}")


async def create(call: Call) -> Response:
    """
    Make a resource: 201 with what is true of it then, which may be less than was asked for; `Warning` says so.

    Somebody who exists is a conflict that names their id, or is taken over where the system is set so.
    """
    attributes, later = await creation(call)
    given = frozenset({*attributes, *later})
    try:
        result = await call.system.facade.create(call.resource.object_class, attributes, call.options)
    except AlreadyExists as error:
        if not call.system.manner.adopt or error.uid is None:
            raise
        taken = adoption(call, error.uid, attributes)
        result = await call.system.facade.update(call.resource.object_class, error.uid, taken, call.options)
        return await told(replace(call, uid=error.uid), result, given, status=201)
    if result.uid is not None and later:
        result = await _completed(call, result, later)
    result = await kept_or_undone(call, result)
    return await told(replace(call, uid=result.uid or ""), result, given, status=201)


async def creation(call: Call) -> tuple[Given, Given]:
    """
    Return the attributes that a new object is made with, and those that it is given after. Raises Problem.
    """
    attributes, later = _at_once(call, creation_of(call.resource, call.body))
    return {name: await with_ids(call, name, values) for name, values in attributes.items()}, later


def adoption(call: Call, uid: str, attributes: Mapping[str, Values]) -> list[AttributeDelta]:
    """
    Return what changes of somebody who exists when a client makes them with these attributes.
    """
    log.info("scim.adopted", system=call.system.facade.system, uid=uid)
    # All that was asked for: what goes without saying of somebody new, as `active`, may change somebody who exists.
    wanted = {**creation_of(call.resource, call.body), **attributes}
    # Who is found by what is given once has it already.
    return [replaced(name, *values) for name, values in wanted.items() if call.info.attribute(name).updateable]


async def put(call: Call) -> Response:
    """
    Replace a resource, as far as the body names attributes: 200 with the whole of it; 204 when the settings have a team
    deleted that nobody would be in. Raises Problem when not
    everything could be changed.
    """
    await refuse_other_version(call)
    deltas = replacement_of(call.resource, call.body)
    if await leaves_nobody(call, deltas):
        return await deleted(call)
    result = await changed(call, deltas)
    if call.options.dry_run:
        return dry_run_of(result)
    refuse_partial(call, result)
    return await told(call, result, frozenset(each.name for each in deltas))


async def delete(call: Call) -> Response:
    """
    Delete a resource: 204. One that is gone already is 404.
    """
    await refuse_other_version(call)
    return await deleted(call)


async def deleted(call: Call) -> Response:
    """
    Delete the resource, whatever its version: 204. Raises any ConnectorError.
    """
    result = await call.system.facade.delete(call.resource.object_class, call.uid, call.options)
    return dry_run_of(result) if call.options.dry_run else answered(204)


async def changed(call: Call, deltas: Sequence[AttributeDelta]) -> WriteResult:
    """
    Make a change and return what came of it; without any the object is looked for all the same. Raises Problem and any
    ConnectorError.
    """
    if not deltas:
        seen = await current(call, call.system.narrowing(call.resource).to(NOTHING_ASKED))
        return WriteResult(seen.uid, seen, seen, changed=False)
    meant = await change(call, deltas)
    if not meant:
        return await changed(call, [])
    return await call.system.facade.update(call.resource.object_class, call.uid, meant, call.options)


async def change(call: Call, deltas: Sequence[AttributeDelta]) -> list[AttributeDelta]:
    """
    Return the changes with ids in the place of names. Raises Problem, also for a name or an address that the settings
    of the system do not let it have.
    """
    deltas = await without_fixed(call, deltas)
    await refuse_taken_name(call, deltas)
    await refuse_other_address(call, deltas)
    return [await _with_ids(call, delta) for delta in deltas]


async def told(call: Call, result: WriteResult, given: frozenset[str], status: int = 200) -> Response:
    """
    Answer with the resource as it is after a write, and with a warning of what is missing in it. What was given is
    shown, even where it is returned on request alone (RFC 7643, section 7). Raises Problem (404) when nothing can be
    seen of it any more, and Unseen.
    """
    if call.options.dry_run:
        return dry_run_of(result)
    call = call.begun
    warn_of(call, result.not_applied)
    shown = call.system.narrowing(call.resource).to(call.asked, given)
    try:
        view = await call.view(shown)
        seen = result.after
        if seen is None or not _is_whole(call, shown, seen):
            seen = await current(call, shown)
    except ConnectorError as error:
        if not result.changed:
            raise
        if isinstance(error, UnknownUid):
            raise Problem(404, _OUT_OF_SIGHT) from error
        raise Unseen(error.message) from error
    written = call.system.writings.of(view, seen)
    return found(view.location(seen.uid), written, status, warning_of(result))


def _is_whole(call: Call, shown: Shown, seen: ConnectorObject) -> bool:
    """
    Whether a write was answered with everything that a read would tell. Groups come without their members, and nothing
    comes with what costs requests of its own to read.
    """
    dear = set(shown.sources).difference(call.shown.sources)
    return call.resource.object_class == names.ACCOUNT and dear.issubset(seen.attributes)


def dry_run_of(result: WriteResult) -> Response:
    """
    Answer with the requests that were not sent.
    """
    body: dict[str, Any] = {"schemas": [DRY_RUN_URN], "withheld": result.withheld}
    return answered(200, body)


def _at_once(call: Call, given: Given) -> tuple[Given, Given]:
    """
    Part what a create can carry from what has to follow it: nobody is made disabled where the target cannot do that.
    """
    info = call.info
    if given.get(names.ENABLE) == (True,) and not info.attribute(names.ENABLE).creatable:
        given = {name: values for name, values in given.items() if name != names.ENABLE}
    now = {name: values for name, values in given.items() if info.attribute(name).creatable}
    return now, {name: values for name, values in given.items() if name not in now}


async def _completed(call: Call, made: WriteResult, later: Mapping[str, Any]) -> WriteResult:
    """
    Give a new object what its creation could not carry.
    """
    deltas, options = [replaced(name, *values) for name, values in later.items()], call.begun.options
    try:
        return completed(
            made, deltas, await call.system.facade.update(call.resource.object_class, made.uid or "", deltas, options)
        )
    except ConnectorError as error:
        return completed(made, deltas, error)


async def _with_ids(call: Call, delta: AttributeDelta) -> AttributeDelta:
    if delta.replace is not None:
        return replace(delta, replace=await with_ids(call, delta.name, delta.replace))
    return replace(
        delta,
        add=await with_ids(call, delta.name, delta.add),
        remove=await with_ids(call, delta.name, delta.remove, leaving=True),
    )
