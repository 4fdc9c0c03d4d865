"""
What an update and a delete promise.
"""

# ruff: noqa: D401 - a check states what is promised, it gives no order

from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, removed, replaced
from webex_connector.icf.contract.subject import Alteration, Subject, absent, agrees, made, refused, require, unchanged
from webex_connector.icf.errors import InvalidAttributeValue, UnknownAttribute, UnknownUid
from webex_connector.icf.schema import AttributeType


def _alteration(subject: Subject) -> Alteration:
    if subject.alteration is None:
        raise AssertionError(f"{subject.object_class} can be updated, so the subject must name a change")
    return subject.alteration


async def an_update_does_what_it_says(subject: Subject) -> None:
    """
    After an update its attribute has the expected values.
    """
    change = _alteration(subject)
    fact = subject.info.attribute(change.delta.name)
    async with made(subject) as (uid, _):
        await subject.update(uid, change.delta)
        values = (await subject.get(uid)).values(fact.name)
        require(
            agrees(fact, change.expected, values),
            f"{fact.name} should read {change.expected!r} after the update, and reads {values!r}",
        )


async def an_update_leaves_the_rest_alone(subject: Subject) -> None:
    """
    What an update does not mention stays as it was: of the same object, and every other object.
    """
    change = _alteration(subject)
    async with made(subject) as (uid, described), made(subject):
        before = await subject.world()
        await subject.update(uid, change.delta)
        after = await subject.world()
        kept = described.keys() - {change.delta.name}
        for name in (subject.info.attribute(each).name for each in kept):
            require(before[uid].get(name) == after[uid].get(name), f"An update that did not mention {name} changed it")
        others = before.keys() - {uid}
        require(
            {each: before[each] for each in others} == {each: after.get(each) for each in others},
            f"An update of {uid} changed another object",
        )


async def an_update_clears(subject: Subject) -> None:
    """
    Replacing by no values clears an attribute that is not required.
    """
    change = _alteration(subject)
    async with made(subject) as (uid, _):
        await subject.update(uid, change.delta)
        await subject.update(uid, replaced(change.delta.name))
        values = (await subject.get(uid)).values(subject.info.attribute(change.delta.name).name)
        require(not values, f"{change.delta.name} was cleared, and reads {values!r}")


async def an_update_removes_what_is_there(subject: Subject) -> None:
    """
    Removing from an attribute of one value clears it if it has that value, and leaves any other.
    """
    change = _alteration(subject)
    fact = subject.info.attribute(change.delta.name)
    if fact.many or fact.type is not AttributeType.STRING:
        return
    async with made(subject) as (uid, _):
        await subject.update(uid, change.delta)
        await subject.update(uid, removed(fact.name, f"not {change.expected[0]!r}"))
        values = (await subject.get(uid)).values(fact.name)
        require(
            agrees(fact, change.expected, values),
            f"{fact.name} should read {change.expected!r} after another value was removed, and reads {values!r}",
        )
        await subject.update(uid, removed(fact.name, *change.expected))
        values = (await subject.get(uid)).values(fact.name)
        require(not values, f"{change.expected!r} was removed from {fact.name}, which reads {values!r}")


async def an_update_adds_and_removes(subject: Subject) -> None:
    """
    A value can be added and removed among many; doing either twice changes nothing more and is no error.
    """
    growth = subject.growth
    if growth is None:
        return
    fact = subject.info.attribute(growth.name)
    async with made(subject) as (uid, _):
        first = (await subject.get(uid)).values(fact.name)
        for turn in ("first", "second"):
            await subject.update(uid, growth)
            values = (await subject.get(uid)).values(fact.name)
            require(
                agrees(fact, first + growth.add, values),
                f"After the {turn} time of adding {growth.add!r} to {first!r}, {fact.name} reads {values!r}",
            )
        for turn in ("first", "second"):
            await subject.update(uid, removed(growth.name, *growth.add))
            values = (await subject.get(uid)).values(fact.name)
            require(
                agrees(fact, first, values),
                f"After the {turn} time of removing {growth.add!r} again, {fact.name} reads {values!r}, not {first!r}",
            )


async def an_update_of_nobody_is_told(subject: Subject) -> None:
    """
    An update of an object that is not there raises UnknownUid, and makes none.
    """
    uid = await absent(subject)
    async with unchanged(subject, "An update of an object that is gone"):
        await refused(
            UnknownUid, subject.update(uid, _alteration(subject).delta), "An update of an object that is gone"
        )


async def an_update_refuses_an_unknown_attribute(subject: Subject) -> None:
    """
    One misspelt attribute refuses the whole update.
    """
    async with made(subject) as (uid, _), unchanged(subject, "An update with an unknown attribute"):
        deltas = (_alteration(subject).delta, replaced("noSuchAttribute", "x"))
        await refused(UnknownAttribute, subject.update(uid, *deltas), "An update with an unknown attribute")


async def an_update_refuses_an_attribute_changed_twice(subject: Subject) -> None:
    """
    One update has one change of each attribute, whatever the case of its name.
    """
    async with made(subject) as (uid, _), unchanged(subject, "An update that changes an attribute twice"):
        delta = _alteration(subject).delta
        again = AttributeDelta(delta.name.swapcase(), delta.replace, delta.add, delta.remove)
        await refused(
            InvalidAttributeValue,
            subject.update(uid, delta, again),
            "An update that changes an attribute twice",
        )


async def an_update_refuses_a_read_only_attribute(subject: Subject) -> None:
    """
    One read-only attribute refuses the whole update.
    """
    async with made(subject) as (uid, _):
        for fact in subject.info.attributes:
            if fact.updateable:
                continue
            async with unchanged(subject, f"An update of read-only {fact.name}"):
                deltas = (_alteration(subject).delta, replaced(fact.name, "x"))
                await refused(
                    InvalidAttributeValue, subject.update(uid, *deltas), f"An update of read-only {fact.name}"
                )


async def a_deleted_object_is_gone(subject: Subject) -> None:
    """
    After a delete neither a get nor a search finds the object, and everything else is as before. Where deletions remove
    nothing, the object is there and not enabled.
    """
    before = await subject.world()
    async with made(subject) as (uid, _):
        await subject.delete(uid)
        if not subject.erases:
            after = dict(await subject.world())
            require(after.pop(uid, {}).get(names.ENABLE) == (False,), f"The deleted {uid} should be there, not enabled")
            require(before == after, f"The deletion of {uid} changed another object")
            return
        await refused(UnknownUid, subject.get(uid), "A get of a deleted object")
        require(before == await subject.world(), "A create and its delete must leave everything as it was")


async def a_second_delete_is_told(subject: Subject) -> None:
    """
    Deleting what is not there raises UnknownUid.
    """
    uid = await absent(subject)
    async with unchanged(subject, "A delete of an object that is gone"):
        await refused(UnknownUid, subject.delete(uid), "A second delete")
