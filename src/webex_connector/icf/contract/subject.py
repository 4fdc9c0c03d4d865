"""
What a contract check is given, and the few things that all checks do with it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Value, Values
from webex_connector.icf.errors import ConnectorError, UnknownUid
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING, Filter
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo, Operation


@dataclass(frozen=True, slots=True)
class Alteration:
    """
    A valid change of any object that `Subject.fresh` describes, and the values that its attribute has afterwards.
    """

    delta: AttributeDelta
    expected: Values


async def no_time_passes() -> None:
    """
    Return at once: the target's own clock goes on.
    """


@dataclass(frozen=True, slots=True)
class Subject:
    """
    One object class of one connector, with what the checks cannot make up.
    """

    facade: Facade
    object_class: str
    fresh: Callable[[], Attributes] | None = None
    """
    Describes a valid new object, another one at each call: its name has never been used. Needed where objects can be
    created.
    """
    alteration: Alteration | None = None
    """
    Needed where objects can be updated: of an attribute that is not required.
    """
    growth: AttributeDelta | None = None
    """
    Adds one value, which no fresh object has, to an attribute of many values. Without it that is not checked.
    """
    unique_names: bool = True
    """
    Whether the target refuses a second object of the same name.
    """
    options: OperationOptions = field(default_factory=OperationOptions)
    let_time_pass: Callable[[], Awaitable[None]] = no_time_passes
    """
    Needed where changes are followed and the target's clock stands still: two changes in one instant look like one.
    """
    erases: bool = True
    """
    Whether a deletion removes the object; else the object stays, and is not enabled any more.
    """
    nobody: str = ""
    """
    A uid that no object has. Needed where deletions remove none.
    """

    @property
    def info(self) -> ObjectClassInfo:
        """
        The object class and its attributes.
        """
        return self.facade.schema.object_class(self.object_class)

    @property
    def operations(self) -> frozenset[Operation]:
        """
        What the object class can do.
        """
        return self.facade.schema.operations[self.info.name]

    @property
    def all_attributes(self) -> tuple[str, ...]:
        """
        Every attribute that can be read.
        """
        return tuple(fact.name for fact in self.info.attributes if fact.readable)

    def described(self) -> dict[str, Values]:
        """
        Return the attributes of a new object. Raises AssertionError when nobody said how one looks.
        """
        if self.fresh is None:
            raise AssertionError(f"{self.object_class} can be created, so the subject must describe new objects")
        return dict(self.fresh())

    async def create(self, attributes: Attributes) -> str:
        """
        Make an object and return its uid. Raises AssertionError when the result has none.
        """
        result = await self.facade.create(self.object_class, attributes, self.options)
        if not result.uid:
            raise AssertionError("A create that raises nothing returns the new object's uid")
        return result.uid

    async def update(self, uid: str, *deltas: AttributeDelta) -> None:
        """
        Change an object.
        """
        await self.facade.update(self.object_class, uid, deltas, self.options)

    async def delete(self, uid: str) -> None:
        """
        Remove an object.
        """
        await self.facade.delete(self.object_class, uid, self.options)

    async def get(self, uid: str) -> ConnectorObject:
        """
        Read an object with every attribute that can be read.
        """
        wanted = replace(self.options, attributes_to_get=self.all_attributes)
        return await self.facade.get(self.object_class, uid, wanted)

    async def listed(self, node: Filter = EVERYTHING, options: OperationOptions | None = None) -> list[ConnectorObject]:
        """
        Look for objects: with every readable attribute unless the options say otherwise.
        """
        asked = options or replace(self.options, attributes_to_get=self.all_attributes)
        search = self.facade.search(self.object_class, node, asked)
        return [each async for batch in search for each in batch]

    async def world(self) -> Mapping[str, Attributes]:
        """
        Return all that can be seen of the object class, to be compared later.
        """
        return {each.uid: dict(each.attributes) for each in await self.listed()}


@asynccontextmanager
async def made(subject: Subject) -> AsyncIterator[tuple[str, dict[str, Values]]]:
    """
    Make an object, hand out its uid and what it was described with, and remove it in the end.
    """
    described = subject.described()
    uid = await subject.create(described)
    try:
        yield uid, described
    finally:
        with suppress(UnknownUid):
            await subject.delete(uid)


@asynccontextmanager
async def standing(subject: Subject, count: int = 3) -> AsyncIterator[list[ConnectorObject]]:
    """
    Hand out everything there is: with some objects more where they can be made, at least one where they cannot.
    """
    async with AsyncExitStack() as stack:
        if {Operation.CREATE, Operation.DELETE} <= subject.operations:
            for _ in range(count):
                await stack.enter_async_context(made(subject))
        found = await subject.listed()
        require(found, f"{subject.object_class} has no object, so that nothing can be checked")
        yield found


@asynccontextmanager
async def unchanged(subject: Subject, what: str) -> AsyncIterator[None]:
    """
    Complain when the objects are not the same afterwards.
    """
    before = await subject.world()
    yield
    require(before == await subject.world(), f"{what} must leave everything as it was")


async def absent(subject: Subject) -> str:
    """
    Return the uid of an object that is no more: the right form, and nobody has it.
    """
    if not subject.erases:
        return subject.nobody
    async with made(subject) as (uid, _):
        return uid


def require(condition: object, sentence: str) -> None:
    """
    Raise AssertionError with the sentence unless the condition holds.
    """
    if not condition:
        raise AssertionError(sentence)


async def refused(error: type[ConnectorError], work: Awaitable[object], what: str) -> None:
    """
    Complain unless the work raises this error.
    """
    try:
        await work
    except error:
        return
    except ConnectorError as other:
        raise AssertionError(f"{what} must raise {error.__name__}, not {type(other).__name__}: {other}") from other
    raise AssertionError(f"{what} must raise {error.__name__}, and was accepted")


def agrees(fact: AttributeInfo, asked: Values, found: Values) -> bool:
    """
    Whether values read back are those asked for: case and order apart where they mean nothing, and apart from parts
    that the target adds to complex values.
    """
    left = list(found)
    for value in asked:
        match = next((each for each in left if _same(fact, value, each)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _same(fact: AttributeInfo, asked: Value, found: Value) -> bool:
    if isinstance(asked, Mapping) and isinstance(found, Mapping):
        return all(found.get(part) == value for part, value in asked.items())
    if isinstance(asked, str) and isinstance(found, str) and not fact.case_sensitive:
        return names.folded_text(asked) == names.folded_text(found)
    return asked == found
