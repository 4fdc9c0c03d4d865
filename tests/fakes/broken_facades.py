"""
Facades that break one promise each, to prove that the contract checks complain.
"""

from collections.abc import Sequence
from dataclasses import replace

from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values
from webex_connector.icf.errors import InvalidFilter, UnknownAttribute, UnknownObjectClass, UnsupportedOperation
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING, NOTHING, Filter
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.search import Search


class DropsWhatItDislikes(Facade):
    """
    Instead of refusing input it leaves out what is wrong with it and makes up what is missing.
    """

    async def create(self, object_class: str, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make an object of what can be used.
        """
        info = self.schema.object_class(object_class)
        usable: dict[str, Values] = {fact.name: ("made up",) for fact in info.attributes if fact.required}
        for name, values in attributes.items():
            if info.has(name) and info.attribute(name).creatable:
                usable[info.attribute(name).name] = values
        return await super().create(object_class, usable, options)

    async def update(
        self,
        object_class: str,
        uid: str,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
    ) -> WriteResult:
        """
        Change what can be changed.
        """
        info = self.schema.object_class(object_class)
        usable: dict[str, AttributeDelta] = {}
        for delta in deltas:
            if info.has(delta.name) and info.attribute(delta.name).updateable:
                usable[names.folded(delta.name)] = delta
        return await super().update(object_class, uid, tuple(usable.values()), options)


class ShowsEverything(Facade):
    """
    Every readable attribute comes, whatever was asked for.
    """

    async def get(self, object_class: str, uid: str, options: OperationOptions) -> ConnectorObject:
        """
        Read an object whole.
        """
        facts = self.schema.object_class(object_class).attributes
        return await super().get(
            object_class,
            uid,
            replace(options, attributes_to_get=tuple(fact.name for fact in facts)),
        )


class ShowsNothingUnasked(Facade):
    """
    A get that names no attributes brings none.
    """

    async def get(self, object_class: str, uid: str, options: OperationOptions) -> ConnectorObject:
        """
        Read an object with what was named.
        """
        named = options.attributes_to_get or ()
        return await super().get(object_class, uid, replace(options, attributes_to_get=named))


class ForgetsTheDefaults(Facade):
    """
    The wish for the default attributes is not heard.
    """

    async def get(self, object_class: str, uid: str, options: OperationOptions) -> ConnectorObject:
        """
        Read the attributes named.
        """
        return await super().get(object_class, uid, replace(options, return_default_attributes=False))


class IgnoresStrangers(Facade):
    """
    A search that names an unknown attribute goes on without it.
    """

    def search(self, object_class: str, node: Filter, options: OperationOptions) -> Search:
        """
        Look for objects by what is known.
        """
        try:
            return super().search(object_class, node, options)
        except (InvalidFilter, UnknownAttribute):
            return super().search(object_class, EVERYTHING, replace(options, attributes_to_get=None))


class IgnoresOffset(Facade):
    """
    An offset is not heard.
    """

    def search(self, object_class: str, node: Filter, options: OperationOptions) -> Search:
        """
        Look for objects from the beginning.
        """
        return super().search(object_class, node, replace(options, offset=0))


class IgnoresSort(Facade):
    """
    Sort keys are not heard.
    """

    def search(self, object_class: str, node: Filter, options: OperationOptions) -> Search:
        """
        Look for objects in any order.
        """
        return super().search(object_class, node, replace(options, sort_keys=()))


class IgnoresCookies(Facade):
    """
    Whatever the cookie, the search starts over.
    """

    def search(self, object_class: str, node: Filter, options: OperationOptions) -> Search:
        """
        Look for objects from the first page on.
        """
        return super().search(object_class, node, replace(options, cookie=None))


class SaysYes(Facade):
    """
    A delete that cannot be done is said to be done.
    """

    async def delete(self, object_class: str, uid: str, options: OperationOptions) -> WriteResult:
        """
        Remove an object, or say so.
        """
        try:
            return await super().delete(object_class, uid, options)
        except (UnsupportedOperation, UnknownObjectClass):
            return WriteResult(uid)


class ReadsClassesByTheLetter(Facade):
    """
    An object class in other capitals is another, empty one.
    """

    def search(self, object_class: str, node: Filter, options: OperationOptions) -> Search:
        """
        Look for objects where the name is written as the schema has it.
        """
        known = object_class in self.schema.operations
        return super().search(object_class, node if known else NOTHING, options)
