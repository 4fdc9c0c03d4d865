"""
Telling people of runs that have failed, whatever they were to do and whichever process did them.
"""

from datetime import timedelta
from typing import Any, Final

import msgspec

from webex_connector.app.alerts import Alert, Alerts
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.jobs.jobs import Jobs
from webex_connector.store.errors import StoreError
from webex_connector.store.run_values import KeptRun, RunState

FAILED: Final = "runs.failed"
"""
The event of the alert.
"""

_LOOK_EVERY: Final = 10.0
_BACK: Final = timedelta(hours=1)
_log = logger("app")


_TOLD_BEFORE: Final = "PlanStopped"
"""That a gate stopped a plan is told by whoever made it."""


async def tell_failure(run: KeptRun, alerts: Alerts) -> None:
    """
    Tell of a run if it has failed, unless that was told already.
    """
    if run.state is RunState.FAILED and run.failure != _TOLD_BEFORE:
        await alerts.tell(_alert(run))


async def told_of_failures(jobs: Jobs, alerts: Alerts, clock: Clock) -> None:
    """
    Tell, until cancelled, of each run that fails; at first of those of the last hour, during which nobody may have
    looked.
    """
    known: set[str] = set()
    while True:
        try:
            since = clock.now() - _BACK
            failed = [
                each for each in await jobs.runs({RunState.FAILED}) if each.ended is not None and each.ended > since
            ]
        except StoreError as problem:
            _log.warning("alerts.runs_unread", reason=str(problem))
        else:
            for run in failed:
                if run.id not in known:
                    await tell_failure(run, alerts)
            known = {run.id for run in failed}
        await clock.sleep(_LOOK_EVERY)


def _alert(run: KeptRun) -> Alert:
    arguments: dict[str, Any] = msgspec.json.decode(run.arguments)
    about = {name: value for name in ("mapping", "system") if isinstance(value := arguments.get(name), str)}
    text = (
        f"The run {run.id} ({run.kind} by {run.actor}) has failed: {run.error}. See webex-connector runs show {run.id}"
    )
    return Alert(FAILED, text, {"kind": run.kind, **about, "run": run.id})
