"""
The actions on all systems (`/system`) and on one of them (`/system/webex`).

Source: `SystemObjectSetService` in OpenIDM; PingIDM, "REST API: remote systems".
"""

from collections.abc import Mapping, Sequence
from typing import Any

from webex_connector.gateway.idm import configurations
from webex_connector.gateway.idm.asked import Asked
from webex_connector.gateway.idm.catalogue import Offer
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.live_sync import natively, synced
from webex_connector.gateway.idm.paths import ROOT, path_of
from webex_connector.gateway.idm.scripts import ran
from webex_connector.gateway.idm.systems import System, status_of
from webex_connector.gateway.rights import Right
from webex_connector.icf import names
from webex_connector.icf.schema import ObjectClassInfo

ON_ALL = (
    "test",
    "testConfig",
    "availableConnectors",
    "createCoreConfig",
    "createFullConfig",
    "createConfiguration",
    "liveSync",
    "authenticate",
)
"""
What can be asked of all systems together. `activeSync` is an old name of `liveSync`.
"""

ON_ONE = ("test", "liveSync", "script", "authenticate")
"""
What can be asked of one system.
"""

_ALIASES = {"activesync": "livesync"}


class Actions:
    """
    Answers what is asked of systems rather than of objects.
    """

    def __init__(self, systems: Mapping[str, System], offers: Sequence[Offer]) -> None:
        self._systems = systems
        self._offers = tuple(offers)

    async def answer(self, asked: Asked, method: str) -> object:
        """
        Return the answer's content. Raises Problem, and any ConnectorError of an action other than a test.
        """
        place = ROOT if asked.path.system is None else f"{ROOT}/{asked.path.system}"
        if asked.path.system is not None:
            self.system(asked.path.system)
        if method != "POST":
            raise Problem(501, f"Method {method} not supported on {place}; POST with _action is")
        asked.parameters.refuse_unknown()
        if asked.path.system is None:
            return await self._on_all(asked)
        match _ALIASES.get(asked.action, asked.action):
            case "test":
                return await self._status(asked, asked.path.system)
            case "livesync":
                return await self._all_synced(asked, asked.path.system)
            case "script":
                return await ran(asked.path.system, self.system(asked.path.system), asked)
            case "authenticate":
                raise _no_object_class()
            case _:
                raise unsupported(asked.parameters.text("_action"), place, ON_ONE)

    def system(self, name: str) -> System:
        """
        Return a system. Raises Problem (404).
        """
        if name not in self._systems:
            raise Problem(404, f"System: {name} is not available.")
        return self._systems[name]

    async def _on_all(self, asked: Asked) -> object:
        match _ALIASES.get(asked.action, asked.action):
            case "test":
                return await self._tested(asked)
            case "livesync":
                return await self._synced(asked)
            case "authenticate":
                raise _no_object_class()
            case _:
                return await self._configured(asked)

    async def _configured(self, asked: Asked) -> object:
        """
        Answer the actions that are about no system at all. Raises NotPermitted unless the client may configure.
        """
        name = asked.parameters.text("_action")
        if asked.action not in {each.lower() for each in ON_ALL}:
            raise unsupported(name, ROOT, ON_ALL)
        asked.client.require(Right.CONFIGURE, None)
        match asked.action:
            case "availableconnectors":
                return configurations.available(self._offers)
            case "createcoreconfig":
                return configurations.core(asked.body, self._offers)
            case "createfullconfig":
                return await configurations.full(asked.body, self._offers)
            case "createconfiguration":
                return await configurations.staged(asked.body, self._offers)
            case _:
                if asked.parameters.text("id") is not None:
                    raise Problem(400, "testConfig takes no id; the configuration in the body has a name")
                return await configurations.tested(asked.body, self._offers, asked.options)

    async def _tested(self, asked: Asked) -> object:
        """
        Return the status of the system that `id` names, else of every one that the client may use.
        """
        name = asked.said("id")
        if name is not None:
            asked.refuse_others(name)
            return await self._status(asked, name)
        mine = [each for each in self._systems if asked.client.may_use(each)]
        return [await self._status(asked, each) for each in mine]

    async def _status(self, asked: Asked, name: str) -> dict[str, Any]:
        return await status_of(name, self.system(name), asked.options)

    async def _synced(self, asked: Asked) -> dict[str, Any]:
        source = asked.said("source")
        if source is None:
            raise Problem(400, "liveSync needs a source: _action=liveSync&source=system/webex/__ACCOUNT__")
        path = path_of(f"/{source.lstrip('/')}")
        if path is None or path.system is None or path.uid is not None:
            raise Problem(400, f"The source {source} is no system and no object class of one")
        asked.refuse_others(path.system)
        if path.object_class is None:
            return await self._all_synced(asked, path.system)
        system = self.system(path.system)
        info = system.target.schema.object_class(path.object_class)
        return await self._changes(asked, path.system, system, info)

    async def _all_synced(self, asked: Asked, name: str) -> dict[str, Any]:
        system = self.system(name)
        everything = [each for each in system.target.schema.object_classes if each.name == names.ALL]
        if not everything:
            raise Problem(400, f"{names.ALL} object class is not configured")
        return await self._changes(asked, name, system, everything[0])

    async def _changes(self, asked: Asked, name: str, system: System, info: ObjectClassInfo) -> dict[str, Any]:
        stage = await synced(name, system.usable(), info, asked.parameters, asked.options)
        return natively(stage, system.native(info.name))


def unsupported(action: str | None, place: str, there: Sequence[str]) -> Problem:
    """
    Return the answer to an action that a place does not have.
    """
    return Problem(400, f"Unsupported action on {place}: {action or 'none'}. Supported: {', '.join(there)}")


def _no_object_class() -> Problem:
    return Problem(400, f"authenticate needs an object class: {ROOT}/webex/{names.ACCOUNT}?_action=authenticate")
