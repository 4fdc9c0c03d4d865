"""
The configuration properties of a classic meeting site, as data. Those of the connection are the ones that the Control
Hub connector has.
"""

from webex_connector.connector import properties as control_hub
from webex_connector.icf.configuration import Property, PropertyType

MOST_AT_ONCE = 10
"""
How many requests for single users may be under way.
"""

_CONTEXT = "the security context of every request"
_SHARED = (
    "readRateLimit",
    "writeRateLimit",
    "maximumConnections",
    "connectionTimeout",
    "httpProxyHost",
    "httpProxyPort",
    "httpProxyUsername",
    "httpProxyPassword",
    "clientCertAlias",
    "clientCertPassword",
    "acceptSelfSignedCertificates",
    "disableHostNameVerifier",
    "disableHttpCompression",
)

PROPERTIES = (
    Property(
        "siteName",
        "The name of the site: acme where people go to acme.webex.com.",
        required=True,
        group="base",
        place=_CONTEXT,
    ),
    Property("siteId", "The number of the site, as Webex issued it. Sent when given.", group="base", place=_CONTEXT),
    Property("partnerId", "The partner id, as Webex issued it. Sent when given.", group="base", place=_CONTEXT),
    Property(
        "siteUrl",
        "Where the XML API is. Empty: at /WBXService/XMLService on the site's own host.",
        group="base",
        place="every request",
    ),
    Property(
        "webExId",
        "The WebEx ID of an administrator of the site.",
        required=True,
        group="authentication",
        place=_CONTEXT,
    ),
    Property(
        "password",
        "The administrator's password. Give this or accessToken.",
        secret=True,
        group="authentication",
        place="the log-in, and requests that take no session ticket",
    ),
    Property(
        "accessToken",
        "An access token of the administrator with the scope spark:all, where users of the site have no passwords.",
        secret=True,
        group="authentication",
        place="the log-in, and requests that take no session ticket",
    ),
    Property(
        "pageSize",
        "Users on a page of the listing. A site may give fewer.",
        PropertyType.INTEGER,
        default=500,
        group="pace",
        place="every listing",
    ),
    Property(
        "concurrency",
        f"How many users are read at the same time, up to {MOST_AT_ONCE}.",
        PropertyType.INTEGER,
        default=4,
        group="pace",
        place="reads of single users in a search",
    ),
    *(each for each in control_hub.PROPERTIES if each.name in _SHARED),
)
"""
Every property, in the order in which forms and pages show them.
"""
