"""
Whether the token may change things, told without changing anything: by the scopes it was granted and its owner's roles.
Pure.

Scopes: https://developer.webex.com/docs/integrations; roles: https://developer.webex.com/docs/api/v1/people and
https://developer.webex.com/docs/api/v1/scim-2-groups. Webex tells the scopes beside a new token alone (RFC 6749,
section 5.1), and the roles where the token is a person's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webex_connector.connector.control_hub.diagnosis import remedies
from webex_connector.connector.control_hub.diagnosis.subjects import Subject
from webex_connector.connector.control_hub.diagnosis.tried import Tried
from webex_connector.connector.faults import said
from webex_connector.connector.scopes import ways_of
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.webex.errors import Forbidden, NotFound
from webex_connector.webex.ids import decode
from webex_connector.webex.wire import Json


@dataclass(frozen=True, slots=True)
class Right:
    """
    What a change needs.
    """

    requests: tuple[str, ...]
    """By which the change is made, and what is read for it."""

    roles: frozenset[str] = frozenset()
    """Keys of roles of which a person must have one, if any are named; a service app needs none."""

    role_names: str = ""

    @property
    def scopes(self) -> frozenset[str]:
        """
        The scopes without which the requests cannot be made.
        """
        return frozenset(scope for request in self.requests for scope in ways_of(request)[0])


RIGHTS: Mapping[Subject, Right] = {
    Subject.CHANGING_PEOPLE: Right(
        ("PUT /people",),
        frozenset({"id_full_admin", "id_user_admin"}),
        "Full or User Administrator",
    ),
    Subject.CHANGING_GROUPS: Right(
        ("PATCH /groups",),
        frozenset({"id_full_admin", "id_group_admin"}),
        "Full or Group Administrator",
    ),
    Subject.CHANGING_BY_SCIM: Right(
        ("PATCH /{organization}/v2/Users",),
        frozenset({"id_full_admin", "id_user_admin"}),
        "Full or User Administrator",
    ),
    Subject.CHANGING_TEAMS: Right(("POST /teams", "GET /team/memberships", "POST /team/memberships")),
}
"""
What each kind of change needs.
"""


def owner(me: Tried[Json], role_names: Mapping[str, str]) -> Finding:
    """
    Say whose the token is. Service apps are nobody; Webex answers their question as it answers one without the scope.
    """
    subject = Subject.OWNER.value
    if me.value is not None:
        held = ", ".join(sorted(role_names.get(key, key) for key in _keys(me.value))) or "no administrator"
        return Finding(subject, detail=f"{me.value.get('displayName')}: {held}", needed=False)
    if isinstance(me.error, NotFound):
        return Finding(subject, detail="a service app, which is no person", needed=False)
    text = "a service app, or a person whom the token may not show"
    if me.error is not None and not isinstance(me.error, Forbidden):
        text = said(me.error)
    tracking_id = me.error.tracking_id if me.error else None
    return Finding(subject, Verdict.UNKNOWN, text, tracking_id, remedies.OWNER, needed=False)


def changing(subject: Subject, granted: frozenset[str], me: Tried[Json], *, needed: bool = True) -> Finding:
    """
    Judge whether the token may make such changes; `granted` are the scopes it has, none when nobody told.
    """
    right = RIGHTS[subject]
    lacking = sorted(right.scopes - granted) if granted else []
    if lacking:
        detail = f"the token was granted scopes, but not {' and '.join(lacking)}"
        return Finding(subject.value, Verdict.NO, detail, remedy=_remedy(lacking, right), needed=needed)
    if me.value is not None and right.roles and right.roles.isdisjoint(_keys(me.value)):
        detail = f"{me.value.get('displayName')}, whose token it is, is not {right.role_names}"
        return Finding(subject.value, Verdict.NO, detail, remedy=_remedy(sorted(right.scopes), right), needed=needed)
    scopes = " and ".join(sorted(right.scopes))
    if granted:
        return Finding(subject.value, detail=f"the token was granted {scopes}", needed=needed)
    detail = f"Webex does not tell whether this token has {scopes}, and to try would change somebody"
    remedy = remedies.SCOPES_NOT_TOLD.format(scopes=scopes)
    return Finding(subject.value, Verdict.UNKNOWN, detail, remedy=remedy, needed=False)


def changing_teams(granted: frozenset[str], me: Tried[Json]) -> Finding:
    """
    Judge whether the token may make and change teams. Cisco does not say what becomes of those of a service app.
    """
    found = changing(Subject.CHANGING_TEAMS, granted, me)
    if found.verdict is Verdict.NO or not isinstance(me.error, NotFound):
        return found
    detail = "the token is a service app's, and Webex shows a team to the people in it alone"
    return Finding(found.subject, Verdict.UNKNOWN, detail, remedy=remedies.TEAMS_OF_NOBODY, needed=False)


def _remedy(scopes: Sequence[str], right: Right) -> str:
    return remedies.missing(scopes, role=right.role_names)


def _keys(person: Json) -> frozenset[str]:
    """
    Return the keys of somebody's roles; an id that cannot be read stands for itself.
    """
    return frozenset(role_key(str(id_)) for id_ in person.get("roles") or ())


def role_key(id_: str) -> str:
    """
    Return the key inside a role's id, such as `id_full_admin`; an id that cannot be read stands for itself.
    """
    try:
        return decode(id_).value
    except ValueError:
        return id_
