"""
Licence templates: what people are given without anybody asking for them.

There are templates of the whole organisation or of groups, never both; they are applied some time after somebody was
added, or joined the group, and to nobody else (https://help.webex.com/article/n3ijtao). There is no public API for
them: tests and the control API put them in force.
"""

from enum import Enum
from functools import partial

import msgspec

from webex_connector.sandbox.changes import Change, GroupChanged, Happened, PersonChanged
from webex_connector.sandbox.records import Person, Template
from webex_connector.sandbox.rules import licensing
from webex_connector.sandbox.world import World


class Present(Enum):
    """
    What a new template does to those it would apply to if they came now.
    """

    LEAVE = "leave"
    """Nothing: it is for those who come later."""

    PRESERVE = "preserve"
    """They are given its licences and keep their own."""

    REPLACE = "replace"
    """They are given its licences and lose all others, except those that are implicit."""


def use(world: World, template: Template, present: Present = Present.LEAVE) -> None:
    """
    Put a template in force; one of the other scope ends all that are, and nobody's licences change for that.

    Raises KeyError for an unknown licence or group.
    """
    if unknown := set(template.licenses) - set(world.licenses):
        raise KeyError(*unknown)
    affected = world.groups[template.group].members if template.group else [who.uuid for _, who in world.people()]
    kept = {group: other for group, other in world.templates.items() if bool(group) == bool(template.group)}
    world.templates = {**kept, template.group: template}
    if present is Present.LEAVE:
        return
    for uuid in affected:
        _later(world, uuid, template, replace=present is Present.REPLACE)


def watch(world: World, change: Change) -> None:
    """
    Note what is due to people who were added or joined a group; the template of a deleted group is gone.
    """
    match change:
        case PersonChanged(before=None, after=Person() as person) if "" in world.templates:
            _later(world, person.uuid, world.templates[""])
        case GroupChanged(group=group, happened=Happened.DELETED):
            world.templates.pop(group.uuid, None)
        case GroupChanged(group=group, joined=joined) if group.uuid in world.templates:
            for uuid in joined:
                _later(world, uuid, world.templates[group.uuid])


def _later(world: World, uuid: str, template: Template, *, replace: bool = False) -> None:
    due = world.now() + int(world.quirks.template_delay * 1000)
    world.agenda.add(due, partial(_apply, world, uuid, template, replace=replace))


def _apply(world: World, uuid: str, template: Template, *, replace: bool) -> None:
    person = world.person(uuid)
    if person is None:
        return
    lost = _lost(world, person, template, replace=replace) - set(template.licenses)
    kept = tuple(key for key in person.licenses if key not in lost)
    wanted = (*kept, *(key for key in template.licenses if key not in kept))
    licenses = licensing.assignable(world, person.licenses, wanted, calling_ready=False)
    if licenses == person.licenses:
        return
    fields: dict[str, object] = {"licenses": licenses}
    if not licensing.has_calling(world, licenses):
        others = tuple(phone for phone in person.phones if phone.type != "work")
        fields |= {"extension": "", "location_uuid": "", "phones": others}
    if world.quirks.licenses_modify:
        fields["last_modified"] = world.now()
    hosts = licensing.host_sites(world, licenses)
    fields["attendee_sites"] = tuple(site for site in person.attendee_sites if site not in hosts)
    world.put_person(msgspec.structs.replace(person, **fields))


def _lost(world: World, person: Person, template: Template, *, replace: bool) -> frozenset[str]:
    if replace:
        return frozenset(person.licenses) - licensing.implicit(world, person)
    if not world.quirks.templates_subtract:
        return frozenset()
    others = (world.templates[group] for group in world.templates if group != template.group)
    mine = (other for other in others if person.uuid in world.groups[other.group].members)
    return frozenset(key for other in mine for key in other.licenses)
