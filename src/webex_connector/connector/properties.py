"""
The configuration properties of the Control Hub connector as data, under exactly the names that the OpenICF connector
uses (https://docs.pingidentity.com/openicf/connector-reference/webex.html); a few are ours.
"""

from enum import Enum

from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.webex.hosts import Environment
from webex_connector.webex.signing import ALGORITHMS


class Method(Enum):
    """
    What `authenticationMethod` may be: how Webex knows us.
    """

    OAUTH = "OAUTH"
    """By access tokens that a token endpoint gives; `grantType` says for what."""

    BASIC = "BASIC"
    """By name and password with each request (RFC 7617)."""

    JWT_TOKEN = "JWT_TOKEN"  # noqa: S105  # the method's name
    """By tokens that we sign ourselves."""

    TOKEN = "TOKEN"  # noqa: S105  # the method's name
    """By one access token that a person fetched."""


class Grant(Enum):
    """
    What `grantType` may be: for what the token endpoint gives access tokens.
    """

    REFRESH_TOKEN = "refresh_token"  # noqa: S105  # the grant's name
    CLIENT_CREDENTIALS = "client_credentials"
    JWT_BEARER = "jwt_bearer"
    """For an assertion that we sign (RFC 7523, section 2.1)."""


Login = Method | Grant
"""
By what Webex knows us: the grant under OAUTH, else the method.
"""


class Road(Enum):
    """
    What `road` may be set to, and what is then taken.
    """

    PEOPLE = "people"
    SCIM = "scim"
    AUTO = "auto"
    """
    SCIM if the token may use it, else people.
    """


NAME_ATTRIBUTES = ("emails", "displayName", "firstName")
"""
The attributes that may serve as the name of an account.
"""

_TOKEN_REQUEST = "requests to the token endpoint"  # noqa: S105  # a place
_JWT = "each JWT: the token of JWT_TOKEN, the assertion of jwt_bearer"
_EVERY_REQUEST = "every request"
_TLS = "TLS with Webex and the token endpoint"
_WAY = "connections to Webex and the token endpoint"
_PROXY = "connections to the proxy"
_MODEL = "the connector's objects"

PROPERTIES = (
    Property(
        "environment",
        "The cloud that holds the organisation. It sets serviceUri and tokenEndpoint where they are empty.",
        default=Environment.COMMERCIAL.value,
        allowed=tuple(each.value for each in Environment),
        group="base",
        place=_EVERY_REQUEST,
    ),
    Property(
        "serviceUri",
        "The Webex API, version included. Empty: that of the environment, https://webexapis.com/v1.",
        group="base",
        place=_EVERY_REQUEST,
    ),
    Property(
        "scimUri",
        "Where SCIM lives. Empty: beside serviceUri, at /identity/scim.",
        group="base",
        place="every SCIM request",
    ),
    Property(
        "authenticationMethod",
        "How Webex knows us: OAUTH by tokens of the token endpoint, BASIC by login and password, JWT_TOKEN by tokens "
        "that we sign, TOKEN by a fixed access token.",
        default=Method.OAUTH.value,
        allowed=tuple(each.value for each in Method),
        group="authentication",
        place="the Authorization header of every request",
    ),
    Property(
        "grantType",
        "For what OAUTH gets its access tokens.",
        default=Grant.REFRESH_TOKEN.value,
        allowed=tuple(each.value for each in Grant),
        group="authentication",
        place=_TOKEN_REQUEST,
    ),
    Property(
        "tokenEndpoint",
        "Where access tokens are asked for. Empty: that of the environment, https://webexapis.com/v1/access_token.",
        group="authentication",
        place=_TOKEN_REQUEST,
    ),
    Property(
        "clientId",
        "The client id of the integration or service app; the issuer of a JWT too, unless jwtClaims names one.",
        group="authentication",
        place=_TOKEN_REQUEST,
    ),
    Property("clientSecret", "Its client secret.", secret=True, group="authentication", place=_TOKEN_REQUEST),
    Property(
        "refreshToken",
        "The refresh token to start with; rotated ones are kept and used from then on.",
        secret=True,
        group="authentication",
        place=_TOKEN_REQUEST,
    ),
    Property(
        "accessToken",
        "An access token that OAUTH uses first, until it ends.",
        secret=True,
        group="authentication",
        place="the Authorization header of the first requests",
    ),
    Property(
        "tokenExpiration",
        "When accessToken or authToken ends: milliseconds since 1970-01-01 UTC. Empty: accessToken is used until Webex "
        "refuses it, authToken is taken to live 365 days.",
        PropertyType.INTEGER,
        group="authentication",
        place="the renewal of accessToken, the warnings about authToken",
    ),
    Property(
        "scope",
        "The scopes to ask for; those of the grant when empty.",
        group="authentication",
        place=_TOKEN_REQUEST,
    ),
    Property(
        "useBasicAuthForOauthTokenNeg",
        "Send client id and secret to the token endpoint by HTTP Basic; else in the form.",
        PropertyType.BOOLEAN,
        default=True,
        group="authentication",
        place=_TOKEN_REQUEST,
    ),
    Property(
        "authToken",
        "The access token of TOKEN.",
        secret=True,
        group="authentication",
        place="the Authorization header of every request",
    ),
    Property(
        "authorizationTokenPrefix",
        "The word before the token in the Authorization header; BASIC has its own.",
        default="Bearer",
        group="authentication",
        place="the Authorization header of every request",
    ),
    Property(
        "login",
        "The user of BASIC.",
        group="authentication",
        place="the Authorization header of every request",
    ),
    Property(
        "password",
        "The password of BASIC.",
        secret=True,
        group="authentication",
        place="the Authorization header of every request",
    ),
    Property(
        "jwtKey",
        "The key that signs JWTs, as a JSON Web Key (RFC 7517). Give this or jwtPem.",
        secret=True,
        group="authentication",
        place=_JWT,
    ),
    Property(
        "jwtPem",
        "The private key that signs JWTs, in PEM form and without a passphrase.",
        secret=True,
        group="authentication",
        place=_JWT,
    ),
    Property(
        "keyAlgorithm",
        "The kind of key in jwtPem; checked when given. DSA is refused: no JWT knows it.",
        allowed=("RSA", "EC", "DSA"),
        group="authentication",
        place="the check of jwtPem",
    ),
    Property(
        "jwtCert",
        "The certificate to jwtPem, in PEM form; its thumbprint is named in each JWT.",
        group="authentication",
        place=_JWT,
    ),
    Property(
        "jwtAlgorithm",
        "How a JWT is signed. Empty: RS256, HS256, or the one of the key's curve.",
        allowed=tuple(each for kind in ALGORITHMS.values() for each in kind),
        group="authentication",
        place=_JWT,
    ),
    Property(
        "jwtExpiration",
        "Seconds a JWT lives. Empty: 300.",
        PropertyType.INTEGER,
        group="authentication",
        place=_JWT,
    ),
    Property(
        "jwtClaims",
        "What a JWT says: iss, sub, aud and others. For jwt_bearer, iss and sub are clientId and aud is tokenEndpoint "
        "unless they stand here.",
        PropertyType.MAP,
        group="authentication",
        place=_JWT,
    ),
    Property(
        "readRateLimit",
        "Reads at most: 2.5 (a second), 30/sec, 100/min. Empty: as Webex lets us.",
        group="pace",
        place="the pace of reads",
    ),
    Property(
        "writeRateLimit",
        "Writes at most, in the same forms. Empty: as Webex lets us.",
        group="pace",
        place="the pace of writes",
    ),
    Property(
        "maximumConnections",
        "Connections at the same time. Each carries one request: 10 of them 33 a second where an answer takes 0.3 s.",
        PropertyType.INTEGER,
        default=10,
        group="connection",
        place=_WAY,
    ),
    Property(
        "connectionTimeout",
        "Seconds until a connection stands.",
        PropertyType.INTEGER,
        default=30,
        group="connection",
        place=_WAY,
    ),
    Property("httpProxyHost", "The proxy's host.", group="connection", place=_PROXY),
    Property("httpProxyPort", "The proxy's port.", PropertyType.INTEGER, group="connection", place=_PROXY),
    Property("httpProxyUsername", "The user at the proxy.", group="connection", place=_PROXY),
    Property("httpProxyPassword", "The password at the proxy.", secret=True, group="connection", place=_PROXY),
    Property(
        "clientCertAlias",
        "The client certificate to show: the name of a table [certificates.<name>] of the settings.",
        group="connection",
        place=_TLS,
    ),
    Property(
        "clientCertPassword",
        "What opens that certificate's private key, where it is not what opens the file.",
        secret=True,
        group="connection",
        place=_TLS,
    ),
    Property(
        "acceptSelfSignedCertificates",
        "Trust any certificate. For tests only.",
        PropertyType.BOOLEAN,
        default=False,
        group="connection",
        place=_TLS,
    ),
    Property(
        "disableHostNameVerifier",
        "Do not compare the certificate with the host. For tests only.",
        PropertyType.BOOLEAN,
        default=False,
        group="connection",
        place=_TLS,
    ),
    Property(
        "disableHttpCompression",
        "Ask for uncompressed answers.",
        PropertyType.BOOLEAN,
        default=False,
        group="connection",
        place=_EVERY_REQUEST,
    ),
    Property(
        "nameAttribute",
        "The attribute of an account that is its __NAME__.",
        default="emails",
        allowed=NAME_ATTRIBUTES,
        group="model",
        place=_MODEL,
    ),
    Property(
        "road",
        "How accounts are changed: by the people API, by SCIM (scope identity:people_rw), or by SCIM if the token may.",
        default=Road.AUTO.value,
        allowed=tuple(each.value for each in Road),
        group="model",
        place="every change of an account",
    ),
    Property(
        "objectClasses",
        "Object classes beside the usual five.",
        PropertyType.LIST,
        default=(),
        allowed=("LOCATIONS", "TEAMS"),
        group="model",
        place=_MODEL,
    ),
)
"""
Every property, in the order in which forms and pages show them.
"""
