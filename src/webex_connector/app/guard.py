"""
The guard that every system gets: so many destructive writes per client and hour, and whoever wants more is stopped
until an administrator says yes.
"""

from collections.abc import Callable
from typing import Protocol

from webex_connector.app.alerts import Alert, Alerts
from webex_connector.base.log import logger
from webex_connector.icf.errors import GuardRefused
from webex_connector.icf.options import NOBODY
from webex_connector.icf.ports import Destruction
from webex_connector.policy.quota import counted
from webex_connector.store.errors import StoreError
from webex_connector.store.quota import Account, Ruling

SETTING = "safety.destructive_per_hour"
"""
Where the limit is set.
"""

STOPPED = "guard.client_stopped"
"""
The event of the alert.
"""

_log = logger("app")


class Counter(Protocol):
    """
    Counts destructive writes for all processes.
    """

    async def admit(self, client: str, system: str, door: str, decide: Callable[[Account], Ruling]) -> Ruling:
        """
        Show `decide` the client's account, do what it says, and return that.

        Raises StoreError, and what `decide` raises; then nothing is changed.
        """
        ...

    async def note_told(self, client: str) -> None:
        """
        Remember that somebody was alerted of a client's stop. Raises StoreError.
        """
        ...


class QuotaGuard:
    """
    Counts deletions and disablings per client over all systems, doors and processes, in a sliding hour. Only these are
    stopped: who reads or creates goes on.
    """

    def __init__(self, per_hour: int, counter: Counter, alerts: Alerts) -> None:
        self._per_hour, self._counter, self._alerts = per_hour, counter, alerts

    async def permit(self, destruction: Destruction) -> None:
        """
        Count the write and return. Raises GuardRefused when the limit would be passed or was, when nobody has signed
        the write, when the clock ran backwards or the count cannot be read: what cannot be counted is refused.
        """
        client, found = destruction.actor, [Account()]
        if client.name == NOBODY.name:
            raise _refused(destruction, f"nobody has signed it, so it cannot be counted ({self._limit})")

        def decide(account: Account) -> Ruling:
            found[0] = account
            return self._ruling(account)

        try:
            ruling = await self._counter.admit(client.name, destruction.system, client.door, decide)
        except (ValueError, StoreError) as doubt:
            raise _refused(destruction, f"{doubt}, so it cannot be counted ({self._limit})") from doubt
        if ruling in {Ruling.COUNTED, Ruling.DRAWN}:
            return
        stop = found[0].stop
        if stop is None or not stop.told:
            await self._alert(destruction)
        since = "" if stop is None else f" since {stop.since:%Y-%m-%d %H:%M} UTC"
        raise _refused(
            destruction,
            f"{client.name} may delete or disable {self._per_hour} objects an hour ({self._limit}), wanted more, and "
            f"is stopped{since} until an administrator says yes: {_yes(client.name)}",
        )

    @property
    def _limit(self) -> str:
        return f"{SETTING} = {self._per_hour}"

    def _ruling(self, account: Account) -> Ruling:
        if account.stop is not None:
            return Ruling.REFUSED
        if account.allowance is not None:
            return Ruling.DRAWN
        return Ruling.COUNTED if counted(account.moments, 0.0) < self._per_hour else Ruling.STOPPED

    async def _alert(self, destruction: Destruction) -> None:
        client = destruction.actor
        text = (
            f"{client.name} may delete or disable {self._per_hour} objects an hour and wanted more; it deletes and "
            f"disables nothing until you say yes: {_yes(client.name)}"
        )
        facts = {"client": client.name, "door": client.door, "system": destruction.system}
        try:
            await self._alerts.tell(Alert(STOPPED, text, facts))
            await self._counter.note_told(client.name)
        except Exception:  # noqa: BLE001 - whatever way the alert takes; the stop holds, the next refusal tells again
            _log.exception("guard.alert_failed", **facts)


class ShutGuard:
    """
    Lets nothing be deleted or disabled: for connectors that are only tried out.
    """

    async def permit(self, destruction: Destruction) -> None:
        """
        Raise GuardRefused.
        """
        raise _refused(destruction, "this connector is only tried out")


def _yes(client: str) -> str:
    return f"webex-connector guard allow {client}"


def _refused(destruction: Destruction, reason: str) -> GuardRefused:
    harm = destruction.harm.value
    _log.warning(
        "guard.refused",
        system=destruction.system,
        harm=harm,
        uid=destruction.uid,
        client=destruction.actor.name,
        door=destruction.actor.door,
        reason=reason,
    )
    return GuardRefused(f"The guard did not let {destruction.uid} be {harm}d: {reason}")
