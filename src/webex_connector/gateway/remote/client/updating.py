"""
Changes of objects of a connector elsewhere: as they are, where the server takes changes, else by the three older
operations.
"""

from collections.abc import Callable, Iterator, Sequence

from webex_connector.gateway.remote import profiles
from webex_connector.gateway.remote.client.calling import understood, writing_options
from webex_connector.gateway.remote.client.handlers import OfClass
from webex_connector.gateway.remote.client.values import attribute_of, delta_of
from webex_connector.gateway.remote.codec.objects import AttributeDelta as WireDelta
from webex_connector.gateway.remote.codec.objects import Uid
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Set, Value
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values
from webex_connector.icf.errors import Ambiguous, ConnectorError
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.options import OperationOptions

_STEPS: tuple[tuple[str, Callable[[AttributeDelta], Values | None]], ...] = (
    ("update", lambda delta: delta.replace),
    ("removeAttributeValues", lambda delta: delta.remove or None),
    ("addAttributeValues", lambda delta: delta.add or None),
)
"""
The older operations, with the values of a change that each one takes.
"""


class Updating(OfClass):
    """
    Objects can be changed.
    """

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change an object. Raises UnknownUid, and what `Server.call` raises for a write. By the older operations a change
        may be made in part; what was not is in the result then.
        """
        accompanying = writing_options(options, self.known)
        withheld = self.withheld("update", options)
        if profiles.UPDATE_DELTA not in self.remote.operations:
            return await self._by_steps(uid, deltas, accompanying, withheld)
        changes = Set(tuple(delta_of(each, self.remote) for each in deltas))
        effects = await self.calling.call(
            profiles.UPDATE_DELTA, "updateDelta", self.name, Uid(uid), changes, accompanying, writing=True
        )
        with understood():
            return self._ended(uid, deltas, effects, withheld)

    def _ended(
        self, uid: str, deltas: Sequence[AttributeDelta], effects: Value, withheld: tuple[str, ...]
    ) -> WriteResult:
        """
        Read what became other than asked: a new uid, and attributes that read otherwise than they were replaced by.
        """
        asked = {names.folded(each.name): each for each in deltas if each.replace is not None}
        refused = []
        for each in effects if isinstance(effects, Set) else ():
            if not isinstance(each, WireDelta):
                raise Malformed(f"a {type(each).__name__} is no side effect")
            delta = asked.get(names.folded(each.name))
            if names.folded(each.name) == names.folded(names.UID) and each.replace:
                uid = str(each.replace[0])
            elif delta is not None and each.replace != delta_of(delta, self.remote).replace:
                refused.append(
                    NotApplied(delta.name, delta.replace or (), "The connector server says it reads otherwise")
                )
        return WriteResult(uid, not_applied=tuple(refused), withheld=withheld)

    async def _by_steps(
        self, uid: str, deltas: Sequence[AttributeDelta], accompanying: Value, withheld: tuple[str, ...]
    ) -> WriteResult:
        refused: list[NotApplied] = []
        done = False
        for method, given in _steps(deltas):
            attributes = Set(tuple(attribute_of(name, values, self.remote) for name, values in given.items()))
            try:
                changed = await self.calling.call(
                    profiles.UPDATE, method, self.name, Uid(uid), attributes, accompanying, writing=True
                )
            except Ambiguous:
                raise
            except ConnectorError as error:
                # What was changed by a step before stays changed: an exception would say that nothing was.
                if not done:
                    raise
                refused += (NotApplied.by(name, values, error) for name, values in given.items())
                continue
            done = True
            uid = changed.uid if isinstance(changed, Uid) else uid
        return WriteResult(uid, not_applied=tuple(refused), withheld=withheld)


def _steps(deltas: Sequence[AttributeDelta]) -> Iterator[tuple[str, dict[str, Values]]]:
    for method, part in _STEPS:
        given = {each.name: values for each in deltas if (values := part(each)) is not None}
        if given:
            yield method, given
