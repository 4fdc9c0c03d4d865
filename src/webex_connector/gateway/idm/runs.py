"""
What is asked of reconciliations, mappings and links, where there are any.
"""

from starlette.responses import Response

from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.linking import SYNC, Linking
from webex_connector.gateway.idm.recon_asked import Request
from webex_connector.gateway.idm.reconciling import Reconciling
from webex_connector.gateway.idm.recons import Reconciliations


class Runs:
    """
    Answers under `recon` and `sync`; 404 where nothing is synchronized.
    """

    def __init__(self, recons: Reconciliations | None) -> None:
        self._reconciling = None if recons is None else Reconciling(recons)
        self._linking = None if recons is None else Linking(recons)

    async def answer(self, asked: Request) -> Response:
        """
        Answer one request. Raises Problem, NotPermitted, Refused and ConnectionFailed.
        """
        if self._reconciling is None or self._linking is None:
            raise Problem(404, "Nothing is synchronized here: the settings name no sync file ([sync] file)")
        if asked.method != "GET":
            asked.parameters.refuse_unknown()
        part = self._linking if asked.parts[0] == SYNC else self._reconciling
        return await part.answer(asked)
