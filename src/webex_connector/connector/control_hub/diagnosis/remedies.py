"""
What an administrator can do about what a test found: sentences that name the scope, the role, the property or the place
in Control Hub. Pure.

Scopes and roles: https://developer.webex.com/docs/integrations and https://developer.webex.com/docs/service-apps;
hosts of Webex for Government: https://developer.webex.com/docs/fedramp-overview.
"""

from collections.abc import Iterable, Mapping

from webex_connector.connector.control_hub.diagnosis.subjects import Subject
from webex_connector.connector.properties import Grant, Login, Method
from webex_connector.connector.scopes import scopes_for
from webex_connector.webex.errors import Obstacle

READS: Mapping[Subject, str] = {
    Subject.ORGANISATION: "GET /organizations",
    Subject.OWNER: "GET /people/me",
    Subject.PEOPLE: "GET /people",
    Subject.GROUPS: "GET /groups",
    Subject.ROLES: "GET /roles",
    Subject.LICENCES: "GET /licenses",
    Subject.SCIM: "GET /{organization}/v2/Users",
    Subject.AUDIT_EVENTS: "GET /adminAudit/events",
    Subject.TEAMS: "GET /teams",
    Subject.LOCATIONS: "GET /locations",
}
"""
The request by which each is looked at.
"""

WAYS: Mapping[Obstacle, str] = {
    Obstacle.NAME: "Look for a typing error in {property}; if it is right, ask why this computer's name server does "
    "not know the host, or set httpProxyHost if only the proxy knows it.",
    Obstacle.CONNECTION: "See that {property} has the right host and port, and that a firewall lets this computer get "
    "there; where only a proxy does, set httpProxyHost and httpProxyPort.",
    Obstacle.TIME: "A firewall may swallow the connection: have it opened to the host of {property}, or set "
    "httpProxyHost; for a slow way, raise connectionTimeout.",
    Obstacle.TLS: "Where a proxy or firewall opens TLS, add its certificate to those we trust (SSL_CERT_FILE "
    "names another file); else see that {property} has the host that the certificate is made out to.",
    Obstacle.CLIENT_CERTIFICATE: "See that clientCertAlias names a certificate that the host of {property} knows, or "
    "one whose issuer it knows, and that the chain up to that issuer stands in its file.",
    Obstacle.PROXY: "See that httpProxyUsername and httpProxyPassword are right, and that the proxy lets requests go "
    "to the host of {property}.",
    Obstacle.NO_PROXY: "See that httpProxyHost and httpProxyPort are right, that the proxy runs, and that a firewall "
    "lets this computer get there; without a proxy, clear them.",
    Obstacle.OTHER: "See that {property} is right, and that this computer gets to it, by the proxy if there is one.",
}
"""
What helps against each obstacle between here and Webex.
"""

NOT_WEBEX = (
    "Something else than Webex may have answered: see that serviceUri is right, and that no proxy puts a page of its "
    "own in the way."
)

NOT_NOW = "Try again in a few minutes; if it lasts, look at https://status.webex.com or give Cisco the tracking id."

SLOWER = "Try again in a minute; if it happens often, lower readRateLimit, or see who else uses this organisation."

REFUSED: Mapping[Login, str] = {
    Method.TOKEN: "The token of authToken has ended, was revoked, or is of another region: set a new one.",
    Method.BASIC: "See that login and password are right. Webex itself takes no password, only a service in front of "
    "it: for Webex, set authenticationMethod to OAUTH.",
    Method.JWT_TOKEN: "See that whoever checks the token knows the key of jwtPem or jwtKey by which it is signed, and "
    "takes what jwtClaims and clientId say.",
    Grant.REFRESH_TOKEN: "See that clientId, clientSecret and refreshToken belong together; if they do, the grant has "
    "ended or was revoked: authorise the integration or service app anew and set the new refreshToken.",
    Grant.CLIENT_CREDENTIALS: "See that clientId and clientSecret belong together, and that tokenEndpoint gives tokens "
    "for them alone; Webex's own wants grantType refresh_token.",
    Grant.JWT_BEARER: "See that tokenEndpoint knows the key of jwtPem or jwtKey by which the assertion is signed, and "
    "takes what jwtClaims and clientId say: who asserts (iss), of whom (sub) and to whom (aud).",
}
"""
What to do when these credentials are not taken.
"""

_GOVERNMENT = (
    "An organisation of Webex for Government needs environment GOVERNMENT, that is, serviceUri "
    "https://api-usgov.webex.com/v1 and a tokenEndpoint on the same host."
)

OTHER_ORGANISATION = (
    "See in Control Hub (Management > Apps > Service Apps) that the service app is authorised in this organisation, "
    "and that serviceUri is the host of its region."
)

ONE_ORGANISATION = "Use a service app that one organisation has authorised, so that no change can reach another one."

CLOCK = "Set this computer's clock by a time server (NTP): on it depends when tokens are renewed."

CLOCK_BEFORE_FAILURE = f"{CLOCK} Audit events and signed tokens need it within five minutes."

OWNER = (
    "For a person's token, spark:people_read shows whose it is and which roles it has; without it nothing "
    "keeps clients from deleting that person."
)

RENEW_GRANT = "Authorise the integration or service app anew before that day, and set the new refreshToken."

RENEW_AUTH = "Set a new authToken before that day, or use OAUTH with a refresh token, which renews itself."

SCOPES_NOT_TOLD = (
    "Look at https://developer.webex.com (My Webex Apps) whether the integration or service app has {scopes}, and in "
    "Control Hub whether it is authorised with them."
)

MORE_SEATS = (
    "Buy more (Control Hub > Account > Subscriptions), or take the licence from people who do not need it; until then "
    "Webex leaves it out when it is given to somebody."
)

TEMPLATE = (
    "Unless your own system gives these licences to everybody, look in Control Hub (Users > Licenses, and each group's "
    "licences) for an automatic assignment: switch it off, or leave these licences to it. Otherwise people have "
    "licences that your system does not know of."
)

DIRECTORY = (
    "Let that directory stay the source of these people: what it owns, changed here, is refused or overwritten. "
    "Manage only licences and groups here, or end its synchronisation (Control Hub > Organization Settings)."
)

SCIM_ADDRESS = "See that scimUri is right; when it is empty, SCIM is looked for on the host of serviceUri."

TEAMS_OF_NOBODY = (
    "Webex shows a team to those who are in it, and makes whoever asks its first member: for TEAMS, give the system a "
    "person's token, of an integration that an administrator has authorised."
)

ROAD = (
    "Add identity:people_rw to the integration or service app and authorise it anew, or set road to people, which "
    "needs no SCIM."
)


def unreadable(subject: Subject) -> str:
    """
    Return what to do when something may not be read.
    """
    return missing([scopes_for(READS[subject])])


def missing(scopes: Iterable[str], *, role: str = "Full, User or Read-only Administrator") -> str:
    """
    Return what to do when something may not be done for want of these scopes, or of the role if one is named.
    """
    named = " and ".join(scopes)
    add = (
        f"Add {named} to the integration or service app (https://developer.webex.com, My Webex Apps) and authorise it "
        "anew"
    )
    if not role:
        return f"{add}."
    return f"{add}; if it has that already, make the token's owner {role} (Control Hub > Users > Administrator roles)."


def refused(login: Login) -> str:
    """
    Return what to do when the credentials are not taken. Those of another cloud are refused in the same words.
    """
    return f"{REFUSED[login]} {_GOVERNMENT}"


def way(obstacle: Obstacle, request: str | None) -> str:
    """
    Return what to do when a request did not get to where it was to go.
    """
    # Only the token is asked for by POST in a test.
    asked_for = "tokenEndpoint" if (request or "").startswith("POST") else "serviceUri"
    return WAYS[obstacle].format(property=asked_for)
