"""
What a site says of itself: https://developer.cisco.com/docs/webex-xml-api-reference-guide (GetSite, GetAPIVersion).
"""

from dataclasses import dataclass

from webex_connector.webex.call import Call
from webex_connector.webex.meetings_xml.markup import Node, Unreadable
from webex_connector.webex.meetings_xml.operations import Asked, Operation


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """
    Which release of the XML API a site runs.
    """

    version: str | None
    release: str | None


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """
    What a site wants of its users' passwords; None where it does not say.
    """

    shortest: int | None
    mixed_case: bool | None
    digits: int | None
    letters: int | None
    specials: int | None
    no_triples: bool | None
    """Whether a character may not stand three times in a row."""


@dataclass(frozen=True, slots=True)
class TrackingCode:
    """
    A tracking code: which number it has, and what the site calls it.
    """

    index: int
    name: str | None
    required: bool


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """
    A site's settings, as far as they matter to who administers its users.
    """

    name: str | None
    single_sign_on: bool | None
    passwords: PasswordRules | None
    tracking_codes: tuple[TrackingCode, ...]
    services: frozenset[str]
    """`meetingCenter` and the like, as far as they are enabled."""


class SiteInfo:
    """
    The drawer of what the site says of itself.
    """

    def __init__(self, site: Asked) -> None:
        self._site = site

    async def version(self, call: Call) -> ApiVersion:
        """
        Return the release. It takes no log-in.
        """
        body = await self._site.call(Operation.GET_API_VERSION, {}, call)
        return ApiVersion(body.word("apiVer") or body.word("apiVersion"), body.word("release"))

    async def facts(self, call: Call) -> SiteFacts:
        """
        Return the settings. Not every site tells them any more; what is missing or not readable is left out.
        """
        body = await self._site.call(Operation.GET_SITE, {}, call)
        site = body.at("siteInstance") or body
        criteria = site.at("securityOptions", "accountPasswordCriteria") or site.at("accountPasswordCriteria")
        codes, services = site.at("trackingCodes"), site.at("supportedServices")
        return SiteFacts(
            site.word("metaData", "siteName"),
            _flag(site, "samlSSO", "enableSSO"),
            _rules(criteria) if criteria else None,
            tuple(code for each in codes.all("trackingCode") if (code := _code(each))) if codes else (),
            frozenset(each.name for each in services.children if _flag(each, "enabled")) if services else frozenset(),
        )


def _rules(node: Node) -> PasswordRules:
    return PasswordRules(
        _number(node, "minLength"),
        _flag(node, "mixedCase"),
        _number(node, "minNumeric"),
        _number(node, "minAlpha"),
        _number(node, "minSpecial"),
        _flag(node, "disallow3XRepeatedChar"),
    )


def _code(node: Node) -> TrackingCode | None:
    index = _number(node, "index")
    if index is None:
        return None
    return TrackingCode(index, node.word("name"), (node.word("hostProfile") or "").upper() == "REQUIRED")


def _number(node: Node, *path: str) -> int | None:
    try:
        return node.number(*path)
    except Unreadable:
        return None


def _flag(node: Node, *path: str) -> bool | None:
    try:
        return node.flag(*path)
    except Unreadable:
        return None
