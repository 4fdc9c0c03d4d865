"""
What is refused whoever asks, and what a dry run leaves alone.
"""

# ruff: noqa: D401 - a check states what is promised, it gives no order

from collections.abc import Awaitable, Callable
from dataclasses import replace

from webex_connector.icf.contract.subject import Subject, made, refused, require, unchanged
from webex_connector.icf.errors import UnknownObjectClass, UnsupportedOperation
from webex_connector.icf.schema import Operation

ATTEMPTS: dict[Operation, Callable[[Subject], Awaitable[object]]] = {
    Operation.CREATE: lambda subject: subject.create({}),
    Operation.UPDATE: lambda subject: subject.update("any"),
    Operation.DELETE: lambda subject: subject.delete("any"),
    Operation.GET: lambda subject: subject.facade.get(subject.object_class, "any", subject.options),
    Operation.SEARCH: lambda subject: subject.listed(options=subject.options),
}
"""
How each operation is tried where it should be refused.
"""


async def operations_it_lacks_are_refused(subject: Subject) -> None:
    """
    Whatever the schema does not promise is refused as unsupported, and changes nothing.
    """
    for operation in ATTEMPTS.keys() - subject.operations:
        attempt = ATTEMPTS[operation]
        what = f"{operation.value} of {subject.object_class}"
        if Operation.SEARCH in subject.operations:
            async with unchanged(subject, what):
                await refused(UnsupportedOperation, attempt(subject), what)
        else:
            await refused(UnsupportedOperation, attempt(subject), what)


async def an_unknown_object_class_is_refused(subject: Subject) -> None:
    """
    No operation takes the name of an object class that does not exist.
    """
    stranger = replace(subject, object_class="__NO_SUCH_CLASS__")
    for operation, attempt in ATTEMPTS.items():
        await refused(UnknownObjectClass, attempt(stranger), f"{operation.value} of an unknown object class")


async def an_object_class_answers_in_any_case(subject: Subject) -> None:
    """
    The name of an object class means the same in any case.
    """
    shouted = subject.object_class.swapcase()
    require(
        subject.facade.schema.object_class(shouted) == subject.info,
        f"{shouted} is not the object class {subject.object_class}",
    )
    if Operation.SEARCH in subject.operations:
        other = await replace(subject, object_class=shouted).world()
        require(other == await subject.world(), f"{shouted} holds other objects than {subject.object_class}")


async def a_dry_run_changes_nothing(subject: Subject) -> None:
    """
    Create, update and delete under `dry_run` leave everything as it was.
    """
    dry = replace(subject.options, dry_run=True)
    facade, name = subject.facade, subject.object_class
    async with made(subject) as (uid, _):
        async with unchanged(subject, "A dry create"):
            await facade.create(name, subject.described(), dry)
        if subject.alteration is not None:
            async with unchanged(subject, "A dry update"):
                await facade.update(name, uid, [subject.alteration.delta], dry)
        async with unchanged(subject, "A dry delete"):
            await facade.delete(name, uid, dry)


async def a_dry_run_says_so(subject: Subject) -> None:
    """
    A dry run's result names what it withheld, so that nobody takes it for done.
    """
    dry = replace(subject.options, dry_run=True)
    result = await subject.facade.create(subject.object_class, subject.described(), dry)
    require(result.uid is None, "A dry create returned the uid of an object that does not exist")
    require(result.withheld, "A dry create does not say what it withheld")
