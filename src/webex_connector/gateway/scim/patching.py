"""
Changing one resource by PATCH (RFC 7644, section 3.5.2).
"""

from dataclasses import replace

from starlette.responses import Response

from webex_connector.base.log import logger
from webex_connector.gateway.scim.call import Call, answered
from webex_connector.gateway.scim.partial import refuse_partial, warn_of, warning_of
from webex_connector.gateway.scim.patch import steps_of
from webex_connector.gateway.scim.patch_changes import changes_of, needed
from webex_connector.gateway.scim.reading import refuse_other_version
from webex_connector.gateway.scim.settled import leaves_nobody
from webex_connector.gateway.scim.writing import Unseen, changed, deleted, dry_run_of, told
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta

log = logger("gateway")


async def patch(call: Call) -> Response:
    """
    Change a resource: 200 with a user as they are then. Other types answer 204, unless `attributes` says what to show:
    Entra wants it so, and nobody wants ten thousand members back. Raises Problem when not everything could be changed:
    a PATCH is made in full or has failed.
    """
    await refuse_other_version(call)
    deltas = await deltas_of(call)
    if await leaves_nobody(call, deltas):
        return await deleted(call)
    result = await changed(call, deltas)
    if call.options.dry_run:
        return dry_run_of(result)
    refuse_partial(call, result)
    if call.resource.object_class == names.ACCOUNT or call.asked.attributes:
        try:
            return await told(call, result, frozenset(each.name for each in deltas))
        except Unseen:
            # RFC 7644, section 3.5.2, lets a success go without the resource.
            return answered(204, headers=warning_of(result))
    warn_of(call, result.not_applied)
    return answered(204, headers=warning_of(result))


async def deltas_of(call: Call) -> list[AttributeDelta]:
    """
    Return what a PATCH changes. The object is read only where the change depends on what it holds. Raises Problem and
    any ConnectorError.
    """
    found = steps_of(call.resource, call.body, call.uid)
    if found.passed_over:
        log.info("scim.passed_over", system=call.system.facade.system, uid=call.uid, paths=found.passed_over)
    wanted = needed(call.resource, found.steps)
    setting = await call.setting(call.system.narrowing(call.resource).everything)
    if not wanted:
        return changes_of(call.resource, found.steps, setting=setting)
    options = replace(call.options, attributes_to_get=tuple(wanted))
    seen = await call.system.facade.get(call.resource.object_class, call.uid, options)
    return changes_of(call.resource, found.steps, seen, setting)
