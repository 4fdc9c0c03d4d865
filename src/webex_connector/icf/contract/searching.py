"""
What a get and a search promise, one page aside.
"""

# ruff: noqa: D401 - a check states what is promised, it gives no order

from collections.abc import Iterator
from dataclasses import replace

from webex_connector.icf import names
from webex_connector.icf.contract.subject import Subject, absent, made, refused, require, standing
from webex_connector.icf.errors import InvalidFilter, UnknownAttribute, UnknownUid
from webex_connector.icf.filters import (
    NOTHING,
    And,
    Compare,
    ContainsAll,
    EqualsList,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    checked,
    equals,
    matcher,
)
from webex_connector.icf.objects import ConnectorObject


async def a_search_lists_each_object_once(subject: Subject) -> None:
    """
    A search for everything brings each object once, also those just made.
    """
    async with standing(subject) as found:
        uids = [each.uid for each in found]
        require(len(set(uids)) == len(uids), "A search for everything brought an object twice")
        for uid in uids:
            require((await subject.get(uid)).uid == uid, f"A get of the listed object {uid} brought another one")


async def a_new_object_is_listed(subject: Subject) -> None:
    """
    A search for everything brings an object as soon as it was made.
    """
    async with made(subject) as (uid, _):
        require(uid in {each.uid for each in await subject.listed()}, f"The new object {uid} is not listed")


async def a_get_and_a_search_agree(subject: Subject) -> None:
    """
    With the same attributes asked for, an object looks the same however it was found.
    """
    async with standing(subject) as found:
        for each in found[:20]:
            alone = await subject.get(each.uid)
            require(
                (alone.name, dict(alone.attributes)) == (each.name, dict(each.attributes)),
                f"{each.uid} is listed as {each!r}, and read alone it is {alone!r}",
            )


async def a_get_of_nobody_is_told(subject: Subject) -> None:
    """
    A get of what is not there raises UnknownUid.
    """
    await refused(UnknownUid, subject.get(await absent(subject)), "A get of an object that is gone")


async def an_object_is_found_by_its_uid(subject: Subject) -> None:
    """
    Searching by uid brings this object and no other.
    """
    async with standing(subject) as found:
        uids = [each.uid for each in await subject.listed(equals(names.UID, found[-1].uid))]
        require(uids == [found[-1].uid], f"The search for the uid {found[-1].uid} brought {uids}")


async def an_object_is_found_by_its_name(subject: Subject) -> None:
    """
    Searching by name brings the object, in other capitals too where case means nothing.
    """
    async with standing(subject) as found:
        each = next((one for one in reversed(found) if one.name), None)
        if each is None or each.name is None:
            return
        spellings = [each.name]
        if not subject.info.attribute(subject.info.name_attribute or names.NAME).case_sensitive:
            spellings.append(each.name.swapcase())
        for name in spellings:
            uids = [one.uid for one in await subject.listed(equals(names.NAME, name))]
            require(each.uid in uids, f"The search for the name {name!r} brought {uids}, not {each.uid}")


async def filters_mean_what_they_say(subject: Subject) -> None:
    """
    Whatever the target evaluates itself, a search brings exactly the listed objects that match.
    """
    async with standing(subject) as found:
        for node in _filters(subject, found[-1], found[0]):
            test = matcher(checked(node, subject.info), subject.info)
            expected = sorted(each.uid for each in found if test(each))
            brought = sorted(each.uid for each in await subject.listed(node))
            require(brought == expected, f"{node!r} brought {brought}; of the objects listed {expected} match")


def _filters(subject: Subject, one: ConnectorObject, other: ConnectorObject) -> Iterator[Filter]:
    """
    Yield filters that some objects match and some do not, made from the values of two of them.
    """
    yield NOTHING
    yield Not(equals(names.UID, one.uid))
    yield Or((equals(names.UID, one.uid), equals(names.UID, other.uid)))
    for fact in subject.info.attributes:
        if not fact.readable:
            continue
        yield Present(fact.name)
        value = next(iter(one.values(fact.name)), None)
        if isinstance(value, str) and value:
            yield from (Compare(fact.name, operator, value) for operator in Operator)
            yield Compare(fact.name, Operator.STARTS_WITH, value[:2])
            yield Compare(fact.name, Operator.CONTAINS, value[1:-1].swapcase())
            yield ContainsAll(fact.name, (value,))
            yield EqualsList(fact.name, one.values(fact.name))
            yield And((equals(fact.name, value), Not(equals(names.UID, other.uid))))
            yield Or((equals(fact.name, value), equals(names.UID, other.uid)))


async def only_the_attributes_asked_for_come(subject: Subject) -> None:
    """
    With `attributes_to_get` these attributes come and no other, by search and by get; the same values as always.
    """
    async with standing(subject) as found:
        whole = found[-1]
        for name in subject.all_attributes:
            options = replace(subject.options, attributes_to_get=(name.swapcase(),))
            alone = await subject.facade.get(subject.object_class, whole.uid, options)
            listed = await subject.listed(equals(names.UID, whole.uid), options)
            expected = {name: whole.attributes[name]} if whole.values(name) else {}
            for how, each in (("get", alone), *(("search", one) for one in listed)):
                got = {key: values for key, values in each.attributes.items() if values}
                require(got == expected, f"A {how} asked for {name} alone should bring {expected}, and brought {got}")


async def shy_attributes_come_only_when_asked_for(subject: Subject) -> None:
    """
    Searches and gets that name no attributes bring those returned by default; a get, those returned when read too.
    """
    info = subject.info
    async with standing(subject) as found:
        alone = await subject.facade.get(subject.object_class, found[-1].uid, subject.options)
        came = set(alone.attributes.keys() - info.defaults_when_read)
        for each in await subject.listed(options=subject.options):
            came |= each.attributes.keys() - info.defaults
        require(not came, f"{sorted(came)} came without being asked for")


async def the_defaults_come_unasked(subject: Subject) -> None:
    """
    Searches and gets that name no attributes bring every default attribute that has a value.
    """
    info = subject.info
    async with standing(subject) as found:
        whole = found[-1]
        alone = await subject.facade.get(subject.object_class, whole.uid, subject.options)
        missing = {name for name in info.defaults_when_read if whole.values(name)} - alone.attributes.keys()
        require(not missing, f"A get did not bring the default attributes {sorted(missing)}")
        for each in await subject.listed(equals(names.UID, whole.uid), subject.options):
            missing = {name for name in info.defaults if whole.values(name)} - each.attributes.keys()
            require(not missing, f"A search did not bring the default attributes {sorted(missing)}")


async def the_defaults_come_beside_those_asked_for(subject: Subject) -> None:
    """
    With `return_default_attributes` the defaults come as well as the attributes named.
    """
    async with standing(subject) as found:
        whole = found[-1]
        options = replace(
            subject.options,
            attributes_to_get=subject.all_attributes[:1],
            return_default_attributes=True,
        )
        each = await subject.facade.get(subject.object_class, whole.uid, options)
        expected = {name for name in subject.info.defaults if whole.values(name)}
        missing = expected - each.attributes.keys()
        require(not missing, f"The default attributes {sorted(missing)} did not come")


async def a_search_refuses_unknown_attributes(subject: Subject) -> None:
    """
    A filter, a sort key or a wish that names an attribute which does not exist is refused, never ignored.
    """
    wish = replace(subject.options, attributes_to_get=("noSuchAttribute",))
    await refused(InvalidFilter, subject.listed(equals("noSuchAttribute", "x")), "A filter by an unknown attribute")
    await refused(UnknownAttribute, subject.listed(options=wish), "A search for an unknown attribute")
