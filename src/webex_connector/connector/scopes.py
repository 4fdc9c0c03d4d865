"""
Which scopes a request takes, since Webex does not say which one a token is missing. Pure.

Sources: the page of each API at https://developer.webex.com/docs/api/v1, section "scopes", and
https://developer.webex.com/docs/integrations (scopes).
"""

from collections.abc import Mapping

Ways = tuple[tuple[str, ...], ...]
"""
Sets of scopes, each of which is enough.
"""

_SCOPES: Mapping[str, tuple[Ways, Ways]] = {
    "people": (
        (("spark-admin:people_read",),),
        (("spark-admin:people_write", "spark-admin:people_read"),),
    ),
    "licenses": ((("spark-admin:licenses_read",),), (("spark-admin:people_write",),)),
    "roles": ((("spark-admin:roles_read",),), ()),
    "groups": ((("identity:groups_read",), ("identity:groups_rw",)), (("identity:groups_rw",),)),
    "organizations": ((("spark-admin:organizations_read",),), ()),
    "locations": ((("spark-admin:locations_read",),), (("spark-admin:locations_write",),)),
    "teams": ((("spark:teams_read",),), (("spark:teams_write",),)),
    "team": ((("spark:team_memberships_read",),), (("spark:team_memberships_write",),)),
    "adminAudit": ((("audit:events_read",),), ()),
}
"""
By the first word of the path: what reading takes, and what writing takes.
"""

_SCIM: tuple[Ways, Ways] = ((("identity:people_read",), ("identity:people_rw",)), (("identity:people_rw",),))


def ways_of(request: str) -> Ways:
    """
    Return the sets of scopes of which a request takes one, given as `GET /people`; none where that is not known.
    """
    method, _, path = request.partition(" ")
    words = path.strip("/").split("/")
    if words == ["people", "me"]:
        return (("spark:people_read",),)
    # SCIM paths begin with the organisation.
    reading, writing = _SCIM if words[1:2] == ["v2"] else _SCOPES.get(words[0], ((), ()))
    return reading if method == "GET" else writing


def scopes_for(request: str) -> str:
    """
    Return the scopes that a request takes, in words; an empty text where that is not known.
    """
    return " or ".join(" and ".join(way) for way in ways_of(request))


def advice(request: str | None) -> str:
    """
    Return the sentence that tells whoever may not make a request what it takes; an empty text where nobody knows.
    """
    scopes = scopes_for(request or "")
    return f"It takes the scope{'s' if ' and ' in scopes else ''} {scopes}" if scopes else ""
