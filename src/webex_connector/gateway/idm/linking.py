"""
`/openidm/sync`: the mappings, and which record belongs to which object.

Source: PingIDM, "REST API: synchronization":
https://docs.pingidentity.com/pingidm/8.1/rest-api-reference/endpoints/rest-sync.html
"""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from starlette.responses import Response

from webex_connector.gateway.idm import recon_forms as forms
from webex_connector.gateway.idm.actions import unsupported
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.recon_asked import Known, Request, permitted
from webex_connector.gateway.idm.recons import Pair, Reconciliations
from webex_connector.gateway.idm.rows import Placed, queried

SYNC: Final = "sync"
ACTIONS: Final = ("getLinkedResources", "performAction")
BY_HAND: Final = ("LINK", "UNLINK")
"""
What `performAction` does; everything else is a reconciliation of one record.
"""


class Linking:
    """
    Answers what is asked of mappings and links.
    """

    def __init__(self, recons: Reconciliations) -> None:
        self._recons = recons

    async def answer(self, asked: Request) -> Response:
        """
        Answer one request. Raises Problem, NotPermitted, Refused and ConnectionFailed.
        """
        known = Known(self._recons.mappings())
        match asked.method, asked.parts[1:]:
            case "GET", ("mappings",):
                mine = [forms.mapping_form(each) for each in known.of(asked.client)]

                async def rows(after: int) -> AsyncIterator[Sequence[Placed]]:
                    yield list(enumerate(mine))[after + 1 :]

                return await queried(asked.parameters, asked.version, forms.MAPPINGS, rows)
            case "GET", ("mappings", name):
                return asked.answer(forms.mapping_form(known.one(asked.client, name)))
            case "POST", ():
                return asked.answer(await self._acted(asked, known))
            case _:
                raise Problem(404, f"Resource '{'/'.join(asked.parts)}' not found")

    async def _acted(self, asked: Request, known: Known) -> object:
        match asked.action:
            case "getlinkedresources":
                resource, _, id_ = asked.needed("resourceName").strip("/").rpartition("/")
                found = await self._recons.linked(resource, id_)
                mine = [each for each in found if known.find(asked.client, each.mapping.name) is not None]
                return {"_id": None, "linkedResources": [forms.linked_form(each) for each in mine]}
            case "performaction":
                return await self._performed(asked, known)
            case _:
                raise unsupported(asked.parameters.text("_action"), SYNC, ACTIONS)

    async def _performed(self, asked: Request, known: Known) -> object:
        mapping, action = known.one(asked.client, asked.needed("mapping")), asked.needed("action").upper()
        if action not in BY_HAND:
            raise Problem(
                400,
                f"performAction does {' and '.join(BY_HAND)}; for {action} reconcile the record: "
                f"recon?_action=reconById&mapping={mapping.name}&id=…",
                detail={"parameter": "action"},
            )
        permitted(asked.client, mapping, writes=True)
        key = asked.needed("sourceId")
        uid = asked.needed("targetId") if action == "LINK" else None
        if not asked.dry:
            pair = Pair(key, uid, asked.parameters.text("linkQualifier") or "default")
            await self._recons.link(mapping.name, pair, asked.by)
        return {"status": "OK"}
