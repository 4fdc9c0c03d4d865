"""
The operations that answer with one value.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from webex_connector.base.log import logger
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote import profiles
from webex_connector.gateway.remote.attributes import View, boxed_inner, plain
from webex_connector.gateway.remote.changing import attributes_in, changes, deltas_in
from webex_connector.gateway.remote.codec.objects import (
    AttributeDelta,
    ObjectClass,
    ScriptContext,
    SyncToken,
    Uid,
)
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Set, Value
from webex_connector.gateway.remote.options import Asked
from webex_connector.gateway.remote.profiles import Profile
from webex_connector.gateway.remote.schema import schema_of
from webex_connector.gateway.rights import Client, Right
from webex_connector.icf import attributes as model
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectionFailed, UnknownUid, UnsupportedOperation
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import equals
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions

_log = logger("gateway")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Call:
    """
    One call of an operation, with everything that it goes by.
    """

    facade: Facade
    profile: Profile
    client: Client
    options: OperationOptions
    """
    Who calls, and until when.
    """
    arguments: tuple[Value, ...]

    def argument(self, place: int, kind: type[_T]) -> _T:
        """
        Return an argument. Raises Malformed when it is missing or of another type.
        """
        found = self.arguments[place] if place < len(self.arguments) else None
        if not isinstance(found, kind):
            raise Malformed(f"argument {place + 1} is no {kind.__name__}")
        return found

    def view(self) -> View:
        """
        Return the object class that the first argument names. Raises UnknownObjectClass, UnsupportedOperation.
        """
        name = self.argument(0, ObjectClass).name
        if names.folded(name) == names.folded(names.ALL):
            raise UnsupportedOperation(f"{names.ALL} is no object class of its own")
        return View(self.facade.schema.object_class(name), self.profile.maps)

    def asked(self, place: int) -> Asked:
        """
        Return the options at a place. Raises Malformed.
        """
        return Asked.of(self.arguments[place] if place < len(self.arguments) else None)

    def writing(self, place: int) -> OperationOptions:
        """
        Return the options of a write, given those that came at a place. Raises Malformed.
        """
        return replace(self.options, dry_run=self.asked(place).dry_run)

    def may(self, right: Right) -> None:
        """
        Raise NotPermitted when the one who calls may not do this.
        """
        self.client.require(right, self.facade.system)


async def _nothing(_: Call) -> Value:
    """
    Validate: the configuration was, when the facade was opened.
    """
    return None


async def _test(call: Call) -> Value:
    report = await call.facade.test(call.options)
    if not report.ok:
        raise ConnectionFailed(report.error or "The test failed")
    return None


async def _schema(call: Call) -> Value:
    return schema_of(call.facade.schema, call.profile)


async def _create(call: Call) -> Value:
    call.may(Right.WRITE)
    view = call.view()
    given = attributes_in(call.argument(1, Set))
    whole = changes(view, [model.replaced(name, *values) for name, values in given.items()]).on({})
    attributes = {delta.name: delta.replace or () for delta in whole}
    result = await call.facade.create(view.info.name, attributes, call.writing(2))
    _tell(result)
    # What a dry run did not make has no uid, and Java refuses a blank one.
    return None if result.uid is None else Uid(result.uid)


async def _get(call: Call) -> Value:
    view, uid = call.view(), call.argument(1, Uid).uid
    options = call.asked(2).laid_over(call.options, view)
    if options.attributes_to_get is None:
        # What the schema says is not returned by default is not, here: platforms go by it for one object, too.
        options = replace(options, attributes_to_get=tuple(view.info.defaults))
    try:
        return view.object(await call.facade.get(view.info.name, uid, options))
    except UnknownUid:
        return None


async def _changed(call: Call, deltas: list[model.AttributeDelta]) -> WriteResult:
    call.may(Right.WRITE)
    view, uid = call.view(), call.argument(1, Uid).uid
    change = changes(view, deltas)
    current: Mapping[str, model.Values] = {}
    if change.to_read:
        options = replace(call.options, attributes_to_get=change.to_read)
        current = (await call.facade.get(view.info.name, uid, options)).attributes
    result = await call.facade.update(view.info.name, uid, change.on(current), call.writing(3))
    _tell(result)
    return result


async def _update(call: Call) -> Value:
    deltas = [model.replaced(name, *values) for name, values in attributes_in(call.argument(2, Set)).items()]
    return Uid((await _changed(call, deltas)).uid or call.argument(1, Uid).uid)


async def _add(call: Call) -> Value:
    deltas = [model.added(name, *values) for name, values in attributes_in(call.argument(2, Set)).items()]
    return Uid((await _changed(call, deltas)).uid or call.argument(1, Uid).uid)


async def _remove(call: Call) -> Value:
    deltas = [model.removed(name, *values) for name, values in attributes_in(call.argument(2, Set)).items()]
    return Uid((await _changed(call, deltas)).uid or call.argument(1, Uid).uid)


async def _update_delta(call: Call) -> Value:
    """
    Change an object and return what became other than asked: a new uid, and attributes that were not taken.
    """
    result = await _changed(call, deltas_in(call.argument(2, Set)))
    effects = []
    if result.uid is not None and result.uid != call.argument(1, Uid).uid:
        effects.append(AttributeDelta(names.UID, replace=(result.uid,)))
    if result.after is not None:
        view = call.view()
        for name in dict.fromkeys(each.attribute for each in result.not_applied if view.info.has(each.attribute)):
            fact = view.info.attribute(name)
            told = view.told(fact, result.after.values(fact.name))
            effects += [AttributeDelta(flat, replace=values) for flat, values in told]
    return Set(tuple(effects))


async def _delete(call: Call) -> Value:
    call.may(Right.DELETE)
    result = await call.facade.delete(call.view().info.name, call.argument(1, Uid).uid, call.writing(2))
    _tell(result)
    return None


async def _latest_token(call: Call) -> Value:
    token = await call.facade.latest_token(call.view().info.name, call.options)
    return None if token is None else SyncToken(token)


async def _resolve(call: Call) -> Value:
    view, name = call.view(), call.argument(1, str)
    options = replace(call.options, attributes_to_get=(), page_size=1)
    async for batch in call.facade.search(view.info.name, equals(names.NAME, name), options):
        for each in batch:
            return Uid(each.uid, name_hint=None)
    raise UnknownUid(f"Nobody has this name on {view.info.name}")


async def _authenticate(call: Call) -> Value:
    view, name, password = call.view(), call.argument(1, str), call.argument(2, Secret)
    return Uid(await call.facade.authenticate(view.info.name, name, password.reveal(), call.options))


async def _script(call: Call) -> Value:
    call.may(Right.RUN_SCRIPTS)
    context = call.argument(0, ScriptContext)
    arguments: Any = plain(context.arguments)
    return boxed_inner(await call.facade.run_script(context.language, context.text, arguments, call.writing(1)))


def _tell(result: WriteResult) -> None:
    """
    Put what was not taken into the log: an exception would make the platform write again what is already there. What a
    dry run withheld goes there, too.
    """
    for request in result.withheld:
        _log.info("remote.withheld", request=request)
    for each in result.not_applied:
        _log.warning("remote.not_applied", attribute=each.attribute, reason=each.reason, tracking_id=each.tracking_id)


METHODS: Final[Mapping[tuple[str, str], Callable[[Call], Awaitable[Value]]]] = MappingProxyType(
    {
        (profiles.VALIDATE, "validate"): _nothing,
        (profiles.TEST, "test"): _test,
        (profiles.SCHEMA, "schema"): _schema,
        (profiles.CREATE, "create"): _create,
        (profiles.GET, "getobject"): _get,
        (profiles.UPDATE, "update"): _update,
        (profiles.UPDATE, "addattributevalues"): _add,
        (profiles.UPDATE, "removeattributevalues"): _remove,
        (profiles.UPDATE_DELTA, "updatedelta"): _update_delta,
        (profiles.DELETE, "delete"): _delete,
        (profiles.SYNC, "getlatestsynctoken"): _latest_token,
        (profiles.RESOLVE, "resolveusername"): _resolve,
        (profiles.AUTHENTICATE, "authenticate"): _authenticate,
        (profiles.SCRIPT, "runscriptonconnector"): _script,
    },
)
"""
The operations by the class and, in lower case, the method that a request names.
"""
