"""
What is different where Control Hub manages the site (REF "User service overview", XML API 9.0 SP2 release notes).
"""

from dataclasses import replace

from webex_connector.sandbox.meetings_site.drafts import Draft
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.world import SiteWorld

_OF_THE_PERSON = ("email", "firstName", "lastName", "phones/")
_ROLES = ("privilege/siteAdmin", "privilege/roSiteAdmin", "privilege/labAdmin")


def creatable(world: SiteWorld, draft: Draft) -> Draft:
    """
    Return a new user's draft as such a site takes it: active, whatever it says, and without a password.

    Raises Refusal when the WebEx ID is not the address, for addresses of others, and for administrators' roles.
    """
    address = draft.fields.get("email", "")
    if draft.fields.get("webExId", "").lower() != address.lower():
        raise Refusal(world.quirks.managed_code, "The WebEx ID must be the e-mail address here.")
    if address.lower() in world.foreign_addresses:
        raise Refusal("030098", "The address belongs to another organisation.")
    _require_no_roles(draft)
    kept = {path: value for path, value in draft.fields.items() if path != "active"}
    return replace(draft, fields=kept, password=None)


def changeable(world: SiteWorld, draft: Draft, user: User) -> Draft:
    """
    Return what of a draft can be changed here. Raises Refusal for the rest, unless the site passes over it.
    """
    refused = [path for path, value in draft.fields.items() if _is_of_the_person(path) and value != user.field(path)]
    has_password = draft.password is not None or draft.security.reset or draft.security.force_change
    if not world.quirks.managed_fields_ignored:
        if has_password:
            raise Refusal("030056", "Passwords are managed in Control Hub.")
        if refused or draft.renamed:
            named = [*refused, "webExId"] if draft.renamed else refused
            raise Refusal(world.quirks.managed_code, f"Control Hub manages {', '.join(named)}.")
    _require_no_roles(draft)
    kept = {path: value for path, value in draft.fields.items() if not _is_of_the_person(path)}
    security = replace(draft.security, force_change=None, reset=None)
    return replace(draft, fields=kept, password=None, security=security, renamed="")


def _is_of_the_person(path: str) -> bool:
    return path.startswith(_OF_THE_PERSON) and path != "email2"


def _require_no_roles(draft: Draft) -> None:
    if any(draft.fields.get(role) == "true" for role in _ROLES):
        raise Refusal("030103")
