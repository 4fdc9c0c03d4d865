"""
Reading one resource, and what every write has to read too.
"""

from dataclasses import replace

from starlette.responses import Response

from webex_connector.gateway.http import wants_live
from webex_connector.gateway.scim.asked import Asked
from webex_connector.gateway.scim.call import Call, answered, found
from webex_connector.gateway.scim.errors import Problem
from webex_connector.gateway.scim.rendering import version_of, versioned
from webex_connector.gateway.scim.shown import Shown
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import Freshness


async def read(call: Call) -> Response:
    """
    Answer with one resource, from Webex itself where the client insists on that; with 304 when it has this version.
    """
    shown = call.shown
    view = await call.view(shown)
    freshness = Freshness()
    live = wants_live(call.headers)
    asking = replace(call, options=replace(call.options, live=True)) if live else call
    seen = await current(asking, shown, freshness)
    row = call.system.writings.of(view, seen)
    age = call.age(freshness)
    known = call.headers.get("if-none-match")
    if known is not None and row.version is not None and _matches(known, row.version):
        return answered(304, headers={"ETag": row.version, **age})
    return found(view.location(seen.uid), row, more=age)


async def current(call: Call, shown: Shown, freshness: Freshness | None = None) -> ConnectorObject:
    """
    Return the object as it is, with what is to be shown of it; `freshness` is told how old that is. Raises UnknownUid.
    """
    options = replace(call.options, attributes_to_get=shown.sources, freshness=freshness)
    return await call.system.facade.get(call.resource.object_class, call.uid, options)


async def refuse_other_version(call: Call) -> None:
    """
    Raise Problem (412) when the resource is not in the version that the client insists on. It is compared before the
    write; a change between the two goes unnoticed, since Webex has no versions.
    """
    wanted = call.headers.get("if-match")
    if wanted is None:
        return
    seen = await current(call, call.system.narrowing(call.resource).to(Asked(excluded_attributes="members")))
    have = version_of(seen, versioned(call.resource))
    if not _matches(wanted, have):
        raise Problem(412, f"The resource is in version {have}, not {wanted}")


def _matches(header: str, version: str) -> bool:
    """
    Whether a list of entity tags names a version; weak and strong ones compare alike (RFC 7232, section 2.3.2).
    """
    tags = [each.strip().removeprefix("W/") for each in header.split(",")]
    return "*" in tags or version.removeprefix("W/") in tags
