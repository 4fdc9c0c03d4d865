"""
The open systems as the SCIM door has them.
"""

from collections.abc import Iterator, Mapping

from webex_connector.app.settings import SystemSettings
from webex_connector.base.clock import Clock
from webex_connector.gateway.idm import systems as idm
from webex_connector.gateway.scim.manner import USUAL
from webex_connector.gateway.scim.systems import System


class ScimSystems(Mapping[str, System]):
    """
    One for each open system that no provisioner file has disabled; made anew when the system is.
    """

    def __init__(
        self,
        systems: Mapping[str, idm.System],
        settings: Mapping[str, SystemSettings],
        clock: Clock,
        key: bytes | None = None,
    ) -> None:
        """
        `key` signs the cursors of all of them.
        """
        self._systems, self._settings, self._clock, self._key = systems, settings, clock, key
        self._known: dict[str, System] = {}

    def __getitem__(self, name: str) -> System:
        system = self._systems[name]
        if not system.shape.enabled:
            raise KeyError(name)
        known = self._known.get(name)
        if known is None or known.facade is not system.facade:
            manner = self._settings[name].scim if name in self._settings else USUAL
            known = self._known[name] = System(system.facade, self._clock, manner, key=self._key)
        return known

    def __iter__(self) -> Iterator[str]:
        return (name for name, system in self._systems.items() if system.shape.enabled)

    def __len__(self) -> int:
        return sum(1 for _ in self)
