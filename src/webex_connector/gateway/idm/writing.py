"""
Creating, updating, patching and deleting one object.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from webex_connector.gateway.idm import bodies, patch, patch_words
from webex_connector.gateway.idm.bodies import BY_NAME_ONLY, creation, object_in, replacement
from webex_connector.gateway.idm.call import Call
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.headers import ANY, refuse_preconditions
from webex_connector.gateway.idm.objects import ONLY_IDS, Fields, Revisions, View, fields_of, warnings_of
from webex_connector.icf.attributes import AttributeDelta
from webex_connector.icf.errors import AlreadyExists, PreconditionFailed, UnknownUid
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import Operation


async def create(call: Call) -> Response:
    """
    Make an object: 201, its address, and the object as it was read back.
    """
    refuse_preconditions(call.preconditions, "create")
    return await _created(call)


async def _created(call: Call) -> Response:
    view = _view(call)
    if Operation.CREATE in call.ignored:
        return call.answer({"_warnings": [_nothing_done(Operation.CREATE)]})
    attributes = creation(object_in(call.body), call.info)
    result = await call.facade.create(call.info.name, attributes, _options(call))
    if call.options.dry_run or result.uid is None:
        return call.answer(_row(call, view, result))
    location = call.root + call.path.of_object(result.uid)
    return call.answer(_row(call, view, result), status=201, location=location)


async def update(call: Call) -> Response:
    """
    Give the attributes in the body these values, and leave all others alone.

    The object must exist, whether the request says so (`If-Match: *`) or not, unless the path names it by its name, as
    the body does: then it is made if it is not there. `If-None-Match: *` makes it, or fails.
    """
    given = call.preconditions
    if given.match is not None and given.none_match is not None:
        raise Problem(412, "Simultaneous use of If-Match and If-None-Match not supported for PUT requests")
    if given.none_match == ANY:
        return await _created_by_name(call)
    if given.none_match is not None:
        raise Problem(400, f'"{given.none_match}" is not a supported value for If-None-Match on PUT')
    if given.match is None and bodies.named(object_in(call.body), call.uid, call.info):
        return await _upserted(call)
    return await _updated(call)


async def _created_by_name(call: Call) -> Response:
    """
    Make an object that the path names by its name. Identifiers are given by the target, so that any other path is
    refused: 412 when there is such an object, else 501.
    """
    if bodies.named(object_in(call.body), call.uid, call.info):
        return await _created(call)
    with suppress(UnknownUid):
        await call.current(ONLY_IDS)
        raise PreconditionFailed(f"There is an object {call.uid} on {call.info.name} already")
    raise Problem(501, BY_NAME_ONLY)


async def _upserted(call: Call) -> Response:
    """
    Make an object that the path names by its name, or, if it turns out to be there, change it.
    """
    try:
        return await _created(call)
    except AlreadyExists as error:
        if error.uid is None:
            raise
        found = error.uid
    return await _updated(replace(call, path=replace(call.path, uid=found)))


async def _updated(call: Call) -> Response:
    change = replacement(object_in(call.body), call.uid, call.info)
    current = await _current(call, change.to_read, needed=bool(change.unchanged))
    deltas = change.deltas if current is None else change.confirmed(current, call.info)
    return await _changed(call, deltas)


async def patched(call: Call) -> Response:
    """
    Carry out the patch operations in the body.
    """
    refuse_preconditions(call.preconditions, "patch", match=True)
    operations = patch_words.operations_in(call.body, call.info)
    needed = patch.needs(operations)
    current = await _current(call, needed, needed=bool(needed))
    known = {} if current is None else {name: current.values(name) for name in needed}
    return await _changed(call, patch.deltas(operations, known))


async def delete(call: Call) -> Response:
    """
    Remove the object and answer with it as it was.
    """
    refuse_preconditions(call.preconditions, "delete", match=True)
    view = _view(call)
    await _current(call, (), needed=False)
    if Operation.DELETE in call.ignored:
        return await _left_alone(call, Operation.DELETE)
    result = await call.facade.delete(call.info.name, call.uid, _options(call))
    return call.answer(_row(call, view, result))


async def _current(call: Call, attributes: Iterable[str], *, needed: bool) -> ConnectorObject | None:
    """
    Read the object once when its attributes are `needed` or its revision has to be compared, else not at all.

    Raises PreconditionFailed when the caller insists on another revision. Webex has no conditional writes: somebody may
    still change the object between this look and the write.
    """
    revision = call.preconditions.match
    comparing = revision not in (None, ANY)
    if not needed and not comparing:
        return None
    found = await call.current(Fields(tuple(attributes), defaults=False, revision=comparing))
    if comparing and (now := Revisions(call.info).of(found)) != revision:
        raise PreconditionFailed(
            f"The resource version of {call.uid} is {now}; it does not match the version provided: {revision}",
        )
    return found


async def _changed(call: Call, deltas: Iterable[AttributeDelta]) -> Response:
    if Operation.UPDATE in call.ignored:
        return await _left_alone(call, Operation.UPDATE)
    view = _view(call)
    changes = tuple(deltas)
    if changes:
        result = await call.facade.update(call.info.name, call.uid, changes, _options(call))
    else:
        found = await call.current(fields_of(call.parameters.text("_fields")))
        result = WriteResult(call.uid, after=found, changed=False)
    return call.answer(_row(call, view, result))


async def _left_alone(call: Call, operation: Operation) -> Response:
    """
    Answer with the object as it is, and say that nothing was done.
    """
    fields = fields_of(call.parameters.text("_fields"))
    row = View(call.info, fields).row(await call.current(fields))
    return call.answer({**row, "_warnings": [_nothing_done(operation)]})


def _nothing_done(operation: Operation) -> dict[str, str]:
    return {"operation": operation.value, "reason": "Nothing was done: the configuration of the system denies it"}


def _view(call: Call) -> View:
    return View(call.info, fields_of(call.parameters.text("_fields")))


def _options(call: Call) -> OperationOptions:
    return call.options_for(fields_of(call.parameters.text("_fields")))


def _row(call: Call, view: View, result: WriteResult) -> dict[str, Any]:
    """
    Return a write's answer. A dry run's is marked as one, so that nobody takes it for the real thing.
    """
    warnings = {"_warnings": warnings_of(result.not_applied)} if result.not_applied else {}
    if call.options.dry_run:
        would_be = {"object": view.row(result.after)} if result.after is not None else {}
        return {"_dryRun": True, "withheld": result.withheld, **would_be, **warnings}
    row = {"_id": result.uid} if result.after is None else view.row(result.after)
    return {**row, **warnings}
