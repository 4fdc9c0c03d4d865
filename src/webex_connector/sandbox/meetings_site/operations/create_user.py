"""
CreateUser: a new user of the site (REF "CreateUser").
"""

import random

from msgspec.structs import replace

from webex_connector.sandbox.meetings_site import managed, passwords
from webex_connector.sandbox.meetings_site.asking import Access, Asked, Operation
from webex_connector.sandbox.meetings_site.drafts import Draft, check_fit, draft_in
from webex_connector.sandbox.meetings_site.records import CENTER_OF, User
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.world import Mail, SiteWorld
from webex_connector.sandbox.meetings_site.writing import Content, element

_REQUIRED = ("webExId", "email", "firstName", "lastName")


def create_user(asked: Asked) -> Content:
    """
    Add a user and answer with its number. Raises Refusal for what is missing, refused or taken.
    """
    world, draft = asked.world, draft_in(asked.world, asked.content)
    if not all(draft.fields.get(name) for name in _REQUIRED):
        raise Refusal("030009")
    if world.quirks.control_hub_managed:
        draft = managed.creatable(world, draft)
    user = _drafted(world, draft)
    check_fit(world, None, user)
    user = _with_password(world, user, draft)
    world.put(user)
    if asked.content.value("sendWelcome").lower() == "true" and not world.quirks.control_hub_managed:
        world.mails.append(Mail(user.email, "welcome"))
    told = (element("use:userId", user.user_id),) if world.quirks.user_id_returned else ()
    return Content("createUserResponse", told)


def _drafted(world: SiteWorld, draft: Draft) -> User:
    number = world.next_number()
    types = world.facts.default_session_types if draft.meeting_types is None else draft.meeting_types
    fields = {path: value for path, value in draft.fields.items() if value}
    # A new user is a host unless it is told otherwise (REF "User service overview").
    fields.setdefault("privilege/host", "false" if fields.get("privilege/attendeeOnly") == "true" else "true")
    fields.setdefault("personalUrl", f"pr{number}")
    if not any(path.startswith("supportedServices/") for path in fields):
        services = {service for each in types for service in world.session_types[each].services}
        fields |= {f"supportedServices/{CENTER_OF[service]}": "true" for service in sorted(services)}
    guid = f"{random.Random(number).getrandbits(128):032x}"  # noqa: S311 - an identifier of a simulation
    return User(number, world.now(), fields, types, guid, locked=bool(draft.security.lock))


def _with_password(world: SiteWorld, user: User, draft: Draft) -> User:
    security = draft.security
    if (
        security.reset
        and not security.force_change
        and (world.quirks.reset_needs_force or security.force_change is False)
    ):
        raise Refusal("030053")
    if draft.password:
        passwords.check(world, user, draft.password)
        made = passwords.given(world, user, draft.password)
        return replace(made, must_change=bool(security.force_change))
    if world.quirks.control_hub_managed or world.quirks.single_sign_on:
        return user
    if security.reset:
        return passwords.reset(world, user)
    raise Refusal("030055" if security.force_change else "030009")


OPERATIONS = (Operation("user.CreateUser", create_user, Access.ADMIN),)
