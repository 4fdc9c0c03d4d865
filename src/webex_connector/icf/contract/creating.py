"""
What a create promises.
"""

# ruff: noqa: D401 - a check states what is promised, it gives no order

from webex_connector.icf import names
from webex_connector.icf.contract.subject import Subject, agrees, made, refused, require, unchanged
from webex_connector.icf.errors import AlreadyExists, InvalidAttributeValue, InvalidInput, UnknownAttribute


async def a_created_object_is_read_back(subject: Subject) -> None:
    """
    What was given at the create is what a get sees under the uid returned.
    """
    async with made(subject) as (uid, described):
        found = await subject.get(uid)
        require(found.uid == uid, f"A get of {uid} returned the object {found.uid}")
        for name, values in described.items():
            fact = subject.info.attribute(name)
            require(
                not fact.readable or agrees(fact, values, found.values(fact.name)),
                f"{fact.name} was created as {values!r} and reads {found.values(fact.name)!r}",
            )


async def a_create_shows_the_object_it_made(subject: Subject) -> None:
    """
    The object in a create's result, where there is one, is the one a get sees.
    """
    result = await subject.facade.create(subject.object_class, subject.described(), subject.options)
    uid = result.uid or ""
    try:
        found = await subject.get(uid)
        shown = result.after or found
        require(shown.uid == found.uid, f"The create of {uid} showed the object {shown.uid}")
        for name, values in shown.attributes.items():
            require(
                name not in found.attributes or agrees(subject.info.attribute(name), values, found.values(name)),
                f"The create showed {name} as {values!r}, and it reads {found.values(name)!r}",
            )
    finally:
        await subject.delete(uid)


async def a_create_refuses_a_uid(subject: Subject) -> None:
    """
    The target alone gives uids.
    """
    async with unchanged(subject, "A create with a uid"):
        attributes = subject.described() | {names.UID: ("my-own",)}
        await refused(InvalidInput, subject.create(attributes), "A create with a uid")


async def a_create_refuses_an_attribute_given_twice(subject: Subject) -> None:
    """
    Names that differ in case are one attribute, which has one list of values.
    """
    async with unchanged(subject, "A create with an attribute given twice"):
        attributes = subject.described()
        name = next(iter(attributes))
        twice = attributes | {name.swapcase(): attributes[name]}
        await refused(InvalidAttributeValue, subject.create(twice), f"A create with {name} and {name.swapcase()}")


async def a_create_refuses_an_unknown_attribute(subject: Subject) -> None:
    """
    A misspelt attribute is never dropped in silence.
    """
    async with unchanged(subject, "A create with an unknown attribute"):
        attributes = subject.described() | {"noSuchAttribute": ("x",)}
        await refused(UnknownAttribute, subject.create(attributes), "A create with an unknown attribute")


async def a_create_refuses_a_missing_required_attribute(subject: Subject) -> None:
    """
    Each required attribute is missed when it is not given.
    """
    for fact in subject.info.attributes:
        if not fact.required:
            continue
        async with unchanged(subject, f"A create without {fact.name}"):
            lacking = {name: values for name, values in subject.described().items() if name != fact.name}
            await refused(InvalidAttributeValue, subject.create(lacking), f"A create without {fact.name}")


async def a_create_refuses_a_read_only_attribute(subject: Subject) -> None:
    """
    Attributes that the target alone sets cannot be set by a create.
    """
    for fact in subject.info.attributes:
        if fact.creatable:
            continue
        async with unchanged(subject, f"A create with {fact.name}"):
            attributes = subject.described() | {fact.name: ("x",)}
            await refused(InvalidAttributeValue, subject.create(attributes), f"A create with read-only {fact.name}")


async def a_name_belongs_to_one_object(subject: Subject) -> None:
    """
    A second object of the same name is refused, in other capitals too where case means nothing.
    """
    attribute = subject.info.name_attribute or (names.NAME if subject.info.own_name else None)
    if not subject.unique_names or attribute is None:
        return
    fact = subject.info.attribute(attribute)
    async with made(subject) as (_, described):
        spellings = [described[attribute]]
        if not fact.case_sensitive:
            spellings.append(tuple(str(value).swapcase() for value in described[attribute]))
        for values in spellings:
            async with unchanged(subject, "A create with a name that is taken"):
                again = subject.described() | {attribute: values}
                await refused(AlreadyExists, subject.create(again), f"A second object named {values[0]!r}")
