"""
What may happen to a person by SCIM, and what follows from it.

The rules are those of https://developer.webex.com/docs/api/v1/scim-2-users; where Webex says nothing, `quirks` decides.
"""

from typing import Any

import msgspec

from webex_connector.sandbox import urns
from webex_connector.sandbox.problems import Detail, Problem, invalid_value, not_found
from webex_connector.sandbox.profile import PLAIN, Profile
from webex_connector.sandbox.records import Person, Phone
from webex_connector.sandbox.rules import people, scim_user_draft
from webex_connector.sandbox.rules.scim_patch import PatchDraft, steps, take
from webex_connector.sandbox.rules.scim_user_draft import SHAPE, EnterpriseDraft, NameDraft, UserDraft
from webex_connector.sandbox.world import World, folded

_USER_TYPES = frozenset({"user", "room", "external_calling", "calling_service"})


def find(world: World, uuid: str) -> Person:
    """
    Return the person. Raises a 404 for nobody, and for an identifier that is no UUID.
    """
    person = world.person(uuid.lower())
    if person is None:
        raise not_found("User")
    return person


def create(world: World, document: Any) -> Person:
    """
    Add a person.

    Raises a 400 without core schema, `userName` or `userType`, for addresses without the user name, for an unknown
    role or manager; a 409 for a user name that anybody has in all of Webex.
    """
    draft = scim_user_draft.read(document)
    _require_core(draft)
    address = _address(draft)
    if world.address_taken(address):
        raise _taken(world)
    now = world.now()
    person = _written(world, Person(world.new_uuid(), address, "", now, now), draft, address)
    if draft.active is False and world.quirks.scim_create_inactive:
        person = msgspec.structs.replace(person, invite_pending=False)
    world.put_person(person)
    return person


def replace(world: World, person: Person, document: Any) -> Person:
    """
    Put what the caller wrote in the place of what was there: what is left out is cleared.

    Kept are identifier and times, whether the account is active when nothing is said of it, and all that SCIM does not
    show. Raises as `create` does, and a 400 when no full administrator would be left.
    """
    draft = scim_user_draft.read(document)
    _require_core(draft)
    return _change(world, person, draft)


def patch(world: World, person: Person, document: dict[str, Any], draft: PatchDraft) -> Person:
    """
    Carry the operations out on `document`, which is the person as SCIM shows it, and keep what comes of it.

    Raises a 400 for the first operation that cannot be done; whether those before it stay is up to the quirks. Raises
    as `replace` does for what the operations lead to.
    """
    before = document.get("emails")
    failure: Problem | None = None
    try:
        for step in steps(draft.operations):
            take(document, step, SHAPE)
    except Problem as problem:
        if world.quirks.scim_patch_atomic:
            raise
        failure = problem
    if document.get("emails") == before:
        # Whoever renames a user need not know that the name stands among the addresses too; the server put it there.
        document["emails"] = [
            {**entry, "value": document.get("userName")} if entry["value"] == person.email else entry
            for entry in before or ()
        ]
    after = _change(world, person, scim_user_draft.read(document))
    if failure:
        raise failure
    return after


def _change(world: World, person: Person, draft: UserDraft) -> Person:
    address = _address(draft)
    if folded(address) != folded(person.email) and world.address_taken(address):
        raise _taken(world)
    after = _written(world, person, draft, address)
    if draft.active is not None:
        after = _activated(after) if draft.active else _deactivated(after)
    people.require_an_admin(world, person, after)
    if after == person:
        return person
    after = msgspec.structs.replace(after, last_modified=world.now())
    world.put_person(after)
    return after


def _activated(person: Person) -> Person:
    if person.active:
        return person
    # Back to what it was before (https://help.webex.com/nikzbgy): who never signed in is invited again.
    was_pending = not person.last_activity
    return msgspec.structs.replace(person, login_enabled=not was_pending, invite_pending=was_pending)


def _deactivated(person: Person) -> Person:
    return msgspec.structs.replace(person, login_enabled=False, invite_pending=False)


def _require_core(draft: UserDraft) -> None:
    if urns.USER not in draft.schemas:
        raise invalid_value(f"schemas must contain {urns.USER}.")
    if draft.user_type is None:
        raise invalid_value("userType is required.")


def _address(draft: UserDraft) -> str:
    address = (draft.user_name or "").strip()
    if not address:
        raise invalid_value("userName is required.")
    local, _, domain = address.rpartition("@")
    if not local or "." not in domain.strip(".") or any(character.isspace() for character in address):
        raise invalid_value(f"userName must be an email address: {address}")
    emails = draft.emails or ()
    main = [entry for entry in emails if entry.type in {"work", ""} and folded(entry.value) == folded(address)]
    other = [entry for entry in emails if entry.type == "work" and entry.primary and entry not in main]
    if other or (emails and not main):
        raise invalid_value("The primary work email must be the userName.")
    return address


def _taken(world: World) -> Problem:
    reason = Detail("The user name is in use already.")
    return Problem(409, reason, scim_type=world.quirks.scim_conflict_type)


def _written(world: World, person: Person, draft: UserDraft, address: str) -> Person:
    name, enterprise = draft.name or NameDraft(), draft.enterprise or EnterpriseDraft()
    full = f"{name.given_name or ''} {name.family_name or ''}".strip()
    profile = _profile(draft, name, enterprise, address)
    return msgspec.structs.replace(
        person,
        email=address,
        display_name=draft.display_name or name.formatted or full or address,
        first_name=name.given_name or "",
        last_name=name.family_name or "",
        nick_name=draft.nick_name or "",
        title=draft.title or "",
        department=enterprise.department or "",
        manager_uuid=_manager(world, enterprise),
        addresses=draft.addresses or (),
        phones=_phones(person, draft),
        timezone=draft.timezone or "",
        roles=_roles(world, draft),
        more=None if profile == PLAIN else profile,
    )


def _profile(draft: UserDraft, name: NameDraft, enterprise: EnterpriseDraft, address: str) -> Profile:
    states, webex = scim_user_draft.webex_section(draft.webex)
    if draft.user_type not in _USER_TYPES:
        raise invalid_value(f"Unknown userType: {draft.user_type}")
    return Profile(
        external_id=draft.external_id or "",
        user_type=draft.user_type,
        locale=draft.locale or "",
        preferred_language=draft.preferred_language or "",
        profile_url=draft.profile_url or "",
        formatted_name=name.formatted or "",
        middle_name=name.middle_name or "",
        honorific_prefix=name.honorific_prefix or "",
        honorific_suffix=name.honorific_suffix or "",
        employee_number=enterprise.employee_number or "",
        cost_center=enterprise.cost_center or "",
        organization=enterprise.organization or "",
        division=enterprise.division or "",
        emails=tuple(entry for entry in draft.emails or () if folded(entry.value) != folded(address)),
        ims=draft.ims or (),
        photos=draft.photos or (),
        entitlements=draft.entitlements or (),
        certificates=draft.x509_certificates or (),
        account_status=tuple(state for state in states if state not in {"active", "pending"}),
        webex=webex,
    )


def _phones(person: Person, draft: UserDraft) -> tuple[Phone, ...]:
    # The extension of somebody with Calling belongs to Calling; here it is shown and left as it is.
    given = draft.phone_numbers or ()
    return tuple(phone for phone in given if not (person.extension and phone.type == "work_extension"))


def _roles(world: World, draft: UserDraft) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(entry.value for entry in draft.roles or ()))
    if unknown := [key for key in keys if key not in world.roles]:
        raise invalid_value(f"Roles that cannot be assigned: {', '.join(unknown)}")
    return keys


def _manager(world: World, enterprise: EnterpriseDraft) -> str:
    uuid = ((enterprise.manager.value if enterprise.manager else "") or "").lower()
    if uuid and world.person(uuid) is None:
        raise invalid_value(f"The manager is no user of the organization: {uuid}")
    return uuid
