"""
The facade behind the shapes of a provisioner file: names are exchanged on the way in and on the way out, and everything
else is the facade's.
"""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from webex_connector.gateway.idm.shapes import ObjectType
from webex_connector.gateway.idm.target import Found
from webex_connector.icf import names, validation
from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.errors import ConnectorError, UnknownObjectClass
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import Filter, checked
from webex_connector.icf.objects import ConnectorObject, SearchResult, TestReport, WriteResult
from webex_connector.icf.operations import SyncDelta
from webex_connector.icf.options import OperationOptions, SortKey
from webex_connector.icf.schema import Schema

_QUOTED: Final = re.compile(r"'(\w+)'")


class ShapedFacade:
    """
    A system with the object types of a provisioner file and no others.
    """

    def __init__(self, facade: Facade, types: Sequence[ObjectType]) -> None:
        self._facade = facade
        self.system = facade.system
        self._types = {names.folded(each.name): each for each in types}
        operations = facade.schema.operations
        self.schema = Schema(
            tuple(each.info for each in types),
            {each.name: operations[each.native.name] for each in types},
        )

    async def create(self, object_class: str, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make an object. Raises what the facade does.
        """
        shape = self._type(object_class)
        given = validation.creatable(shape.info, attributes)
        with _named_as_shown(shape):
            made = await self._facade.create(shape.native.name, shape.attributes(given), _options(shape, options))
        return _result(shape, made, options)

    async def update(
        self,
        object_class: str,
        uid: str,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
    ) -> WriteResult:
        """
        Change an object. Raises what the facade does.
        """
        shape = self._type(object_class)
        changes = shape.deltas(validation.updateable(shape.info, deltas))
        with _named_as_shown(shape):
            done = await self._facade.update(shape.native.name, uid, changes, _options(shape, options))
        return _result(shape, done, options)

    async def delete(self, object_class: str, uid: str, options: OperationOptions) -> WriteResult:
        """
        Remove an object. Raises what the facade does.
        """
        shape = self._type(object_class)
        gone = await self._facade.delete(shape.native.name, uid, _options(shape, options))
        return _result(shape, gone, options)

    async def get(self, object_class: str, uid: str, options: OperationOptions) -> ConnectorObject:
        """
        Read an object. Raises what the facade does.
        """
        shape = self._type(object_class)
        return shape.object(await self._facade.get(shape.native.name, uid, _options(shape, options, single=True)))

    def search(self, object_class: str, node: Filter, options: OperationOptions) -> Found:
        """
        Look for objects. Raises what the facade does.
        """
        shape = self._type(object_class)
        known = shape.filter(checked(node, shape.info))
        keys = tuple(SortKey(shape.native_name(key.attribute), key.ascending) for key in options.sort_keys)
        asked = replace(_options(shape, options), sort_keys=keys)
        return _ShapedSearch(self._facade.search(shape.native.name, known, asked), shape)

    async def sync(self, object_class: str, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Stream what changed since the token. Raises what the facade does.
        """
        shape = self._type(object_class)
        async for delta in self._facade.sync(shape.native.name, token, _options(shape, options)):
            found = None if delta.object is None else shape.object(delta.object)
            yield replace(delta, object=found)

    async def latest_token(self, object_class: str, options: OperationOptions) -> str | None:
        """
        Return the sync token of now. Raises what the facade does.
        """
        return await self._facade.latest_token(self._type(object_class).native.name, options)

    async def authenticate(self, object_class: str, name: str, password: str, options: OperationOptions) -> str:
        """
        Check somebody's password. Raises what the facade does.
        """
        return await self._facade.authenticate(self._type(object_class).native.name, name, password, options)

    async def test(self, options: OperationOptions) -> TestReport:
        """
        Test the connector. Raises what the facade does.
        """
        return await self._facade.test(options)

    def _type(self, name: str) -> ObjectType:
        found = self._types.get(names.folded(name))
        if found is None:
            raise UnknownObjectClass(f"Not found: {name}")
        return found


class _ShapedSearch:
    """
    A search whose objects are shown in a shape.
    """

    def __init__(self, search: Found, shape: ObjectType) -> None:
        self._search = search
        self._shape = shape

    @property
    def result(self) -> SearchResult:
        return self._search.result

    async def __aiter__(self) -> AsyncIterator[list[ConnectorObject]]:
        async for batch in self._search:
            yield [self._shape.object(each) for each in batch]


def _options(shape: ObjectType, options: OperationOptions, *, single: bool = False) -> OperationOptions:
    """
    Return options that fetch what a caller of the shape wants, and nothing that it does not show.
    """
    wanted = validation.wanted(shape.info, options, single=single) - {names.UID, names.NAME}
    natives = {shape.native_name(name) for name in wanted} - {names.UID, names.NAME}
    return replace(options, attributes_to_get=tuple(sorted(natives)), return_default_attributes=False, sort_keys=())


def _result(shape: ObjectType, done: WriteResult, options: OperationOptions) -> WriteResult:
    wanted = validation.wanted(shape.info, options, single=True)
    return replace(
        done,
        after=None if done.after is None else shape.object(done.after).only(wanted),
        before=None if done.before is None else shape.object(done.before),
        not_applied=tuple(replace(each, attribute=shape.shown_name(each.attribute)) for each in done.not_applied),
    )


@contextmanager
def _named_as_shown(shape: ObjectType) -> Iterator[None]:
    """
    Let an error name the attribute as the caller knows it.
    """
    try:
        yield
    except ConnectorError as error:
        if error.attribute is not None:
            error.attribute = shape.shown_name(error.attribute)
        # Messages quote the names of attributes, and nothing else in this form.
        error.message = _QUOTED.sub(lambda quoted: f"'{shape.shown_name(quoted[1])}'", error.message)
        raise
