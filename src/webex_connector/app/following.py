"""
Live sync of a mapping: its source followed, round by round.
"""

from collections.abc import AsyncGenerator

from webex_connector.app.postponing import PASSING
from webex_connector.app.syncing import Syncing
from webex_connector.base.log import logger
from webex_connector.icf.errors import ConnectorError
from webex_connector.store.errors import StoreError
from webex_connector.store.ledgers import LedgerTable
from webex_connector.store.sync_tokens import SyncTokenTable
from webex_connector.sync.apply.ports import Progress, Step
from webex_connector.sync.ends import Ends
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.live import Live, Round
from webex_connector.sync.sources.compared import following

_log = logger("sync")


class Unwatched:
    """
    Progress that nobody watches, and nobody cancels.
    """

    async def step(self, step: Step) -> None:
        """
        Say nothing.
        """

    def is_cancelled(self) -> bool:
        """
        Say no.
        """
        return False


async def rounds(engine: Syncing, ends: Ends, progress: Progress, every: float) -> AsyncGenerator[Round]:
    """
    Follow a mapping's source for ever: yield each round, and begin the next one `every` seconds later. A source or a
    target that cannot be reached is logged, and the next round takes the same changes up again.

    Raises what nothing but an administrator can mend.
    """
    while True:
        try:
            yield await one_round(engine, ends, progress)
        except (SourceFailed, StoreError) as problem:
            _log.warning("sync.round_failed", mapping=ends.mapping.name, reason=str(problem))
        except ConnectorError as problem:
            if problem.verdict not in PASSING:
                raise
            _log.warning("sync.round_failed", mapping=ends.mapping.name, reason=problem.message)
        await engine.clock.sleep(every)


async def one_round(engine: Syncing, ends: Ends, progress: Progress) -> Round:
    """
    Take up what has changed since the last round and make it so. Raises SourceFailed, what the target and the store
    raise; then the next round does it again.
    """
    database = engine.systems.memory.store.database
    tokens, ledgers = SyncTokenTable(database, engine.clock), LedgerTable(database, engine.clock)
    live = Live(ends, engine.engine, engine.applier(ends), engine.tables, tokens)
    return await live.round(following(ends.source, ledgers, engine.settings.limits), progress, engine.clock)
