"""
Why a site refused a password: its own rules, in words.
"""

from collections.abc import Iterable

from webex_connector.connector.meetings_site.refusals import is_about_password, is_unpublished, refusal
from webex_connector.icf.errors import ConnectorError
from webex_connector.webex.call import Call
from webex_connector.webex.errors import Forbidden, WebexError
from webex_connector.webex.meetings_xml.site import MeetingsSite
from webex_connector.webex.meetings_xml.site_info import PasswordRules


def in_words(rules: PasswordRules) -> str:
    """
    Return the rules as a sentence; empty when the site has none.
    """
    counted = (
        (rules.shortest, "characters"),
        (rules.letters, "letters"),
        (rules.digits, "digits"),
        (rules.specials, "special characters"),
    )
    parts = [f"at least {number} {what}" for number, what in counted if number]
    if rules.mixed_case:
        parts.append("capitals and small letters")
    if rules.no_triples:
        parts.append("no character three times in a row")
    return f"Of passwords the site wants {', '.join(parts)}" if parts else ""


# What a user lacks is told by one code, whatever it is.
_MISSING = "030009"
_WAYS = frozenset({"password", "security/resetPassword"})


async def refused_with_rules(
    site: MeetingsSite, error: WebexError, call: Call, written: Iterable[str]
) -> ConnectorError:
    """
    Return the model's error for a refused write of these elements; where it is about the password, with the rules that
    the site tells. Not every code by which a site refuses passwords is published.
    """
    if error.codes[:1] == (_MISSING,) and not _WAYS & {*written}:
        return refusal(error, hint="A new user needs a password, or resetPassword: the site then mails one")
    if not (is_about_password(error) or (is_unpublished(error) and "password" in written)):
        return refusal(error)
    if isinstance(error, Forbidden):
        return refusal(error, hint="Set resetPassword instead: the site then mails a password")
    try:
        facts = await site.info.facts(call)
    except WebexError:
        return refusal(error)
    return refusal(error, hint="" if facts.passwords is None else in_words(facts.passwords))
