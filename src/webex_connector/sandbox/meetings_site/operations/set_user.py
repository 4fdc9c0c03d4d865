"""
SetUser: changes what is told of a user and leaves the rest (REF "SetUser").
"""

from msgspec.structs import replace

from webex_connector.sandbox.meetings_site import managed, passwords
from webex_connector.sandbox.meetings_site.asking import Access, Asked, Operation
from webex_connector.sandbox.meetings_site.drafts import Draft, check_fit, draft_in
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.world import SiteWorld
from webex_connector.sandbox.meetings_site.writing import Content

_NEEDED = ("email", "firstName", "lastName")


def set_user(asked: Asked) -> Content:
    """
    Change a user; the answer is empty. Raises Refusal, and changes nothing, for what cannot be.
    """
    world, named = asked.world, asked.content.value("webExId")
    if not named:
        raise Refusal("030009")
    user = world.user(named)
    if user is None:
        raise Refusal("030001", value=named)
    draft = draft_in(world, asked.content)
    if world.quirks.control_hub_managed:
        draft = managed.changeable(world, draft, user)
    if any(draft.fields.get(name) == "" for name in _NEEDED):
        raise Refusal("030009")
    changed = _changed(user, draft)
    check_fit(world, user, changed)
    changed = _secured(world, changed, draft)
    if changed != user:
        world.put(changed)
    return Content("setUserResponse")


def _changed(user: User, draft: Draft) -> User:
    fields = dict(user.fields)
    for path, value in draft.fields.items():
        if path == "webExId" or value == user.field(path):
            continue
        if value:
            fields[path] = value
        else:
            fields.pop(path, None)
    if draft.renamed:
        fields["webExId"] = draft.renamed
    types = user.meeting_types if draft.meeting_types is None else draft.meeting_types
    return replace(user, fields=fields, meeting_types=types)


def _secured(world: SiteWorld, user: User, draft: Draft) -> User:
    security = draft.security
    if draft.password:
        if not world.quirks.admins_set_passwords:
            raise Refusal("030056")
        passwords.check(world, user, draft.password)
        user = passwords.given(world, user, draft.password)
    elif security.force_change is False and user.must_change:
        raise Refusal("030057")
    if security.reset:
        if security.force_change is False or (security.force_change is None and world.quirks.reset_needs_force):
            raise Refusal("030053")
        # With a password of the administrator's own choice there is none to be mailed.
        user = user if draft.password else passwords.reset(world, user)
    if security.force_change:
        user = replace(user, must_change=True)
    if security.lock is not None:
        user = replace(user, locked=security.lock, failures=0)
    return user


OPERATIONS = (Operation("user.SetUser", set_user, Access.ADMIN),)
