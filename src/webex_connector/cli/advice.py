"""
What to do next after an error, for people. Pure.
"""

from collections.abc import Mapping

from webex_connector.icf import errors

ADVICE: Mapping[type[errors.ConnectorError], str] = {
    errors.UnknownAttribute: "`webex-connector schema account` shows the attributes; so for other object classes.",
    errors.InvalidAttributeValue: "`webex-connector schema account` shows what attributes take; so for other classes.",
    errors.InvalidFilter: "Such a filter is well: --filter 'displayName sw \"john\" and !(title pr)'",
    errors.AlreadyExists: "`webex-connector get` shows it, `webex-connector update` changes it.",
    errors.PermissionDenied: "`webex-connector test` shows what scopes and the administrator's role allow.",
    errors.UnsupportedOperation: "`webex-connector schema` shows what can be done with each object class.",
    errors.GuardRefused: "`webex-connector guard list` shows who was stopped; [safety] of the settings has the limit.",
    errors.ConnectionFailed: "Check serviceUri, tokenEndpoint, httpProxyHost, and whether this computer gets there.",
    errors.Throttled: "Ask again later, or lower readRateLimit and writeRateLimit.",
    errors.Ambiguous: "Look with `webex-connector get` before doing it again.",
    errors.AccessRefused: "`webex-connector test` names the properties to look at; `webex-connector connect` renews.",
}
"""
What helps after each kind of error. An error of which its own message says enough is not here.
"""


def advice_on(error: errors.ConnectorError) -> str:
    """
    Return what to do next, or nothing when the message says it.
    """
    return next((ADVICE[kind] for kind in type(error).__mro__ if kind in ADVICE), "")
