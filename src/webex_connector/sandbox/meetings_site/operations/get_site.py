"""
GetSite: what the site is and allows, as far as user administration asks for it (REF "GetSite").
"""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from webex_connector.sandbox.meetings_site.asking import Asked, Operation
from webex_connector.sandbox.meetings_site.fields import CENTERS
from webex_connector.sandbox.meetings_site.records import SiteFacts
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.writing import Child, Content, element


def get_site(asked: Asked) -> Content:
    """
    Answer with the site. Raises Refusal for who is neither host nor administrator.
    """
    caller, world = asked.known_caller, asked.world
    if not any(caller.may(each) for each in ("host", "siteAdmin", "roSiteAdmin")):
        raise Refusal("000001")
    facts, quirks = world.facts, world.quirks
    instance = element(
        "ns1:siteInstance",
        _meta(facts),
        element("ns1:supportAPI", *_flags(autoLogin=True, aspAndPHPAPI=True, xmlAPI=True)),
        element("ns1:resourceRestrictions", *_flags(isLicenseManager=False), _one("concurrentLicense", 0)),
        element("ns1:trackingCodes", *_tracking_codes(facts)),
        element("ns1:supportedServices", *(element(f"ns1:{name}", *_flags(enabled=True)) for name in CENTERS)),
        _security(facts),
        _criteria(facts),
        element("ns1:siteCommonOptions", *_flags(EnableCloudTelepresence=False, enablePersonalMeetingRoom=True)),
        element("ns1:samlSSO", *_flags(enableSSO=quirks.single_sign_on, autoAccountCreation=False)),
    )
    return Content("getSiteResponse", (instance,), "ns1")


def _meta(facts: SiteFacts) -> ET.Element:
    kinds = (
        element(
            "ns1:meetingTypes",
            _one("meetingTypeID", kind.number),
            _one("meetingTypeName", kind.prefix),
            *_flags(hideInScheduler=False),
        )
        for kind in facts.session_types
    )
    services = dict.fromkeys(name for kind in facts.session_types for name in kind.services)
    return element(
        "ns1:metaData",
        *_flags(isEnterprise=True),
        *(_one("serviceType", name) for name in services),
        *kinds,
        _one("siteName", facts.name),
        _one("brandName", facts.brand),
        _one("region", "U.S."),
        _one("timeZoneID", facts.time_zone_id),
        # Misspelt in the schema.
        _one("parterID", facts.partner_id),
    )


def _tracking_codes(facts: SiteFacts) -> list[ET.Element]:
    return [
        element(
            "ns1:trackingCode",
            _one("index", code.index),
            _one("name", code.name),
            _one("inputMode", "Select" if code.values else "Text input"),
            _one("hostProfile", "Optional"),
            *(
                element("ns1:listValue", _one("index", index), _one("value", value), *_flags(active=True))
                for index, value in enumerate(code.values, 1)
            ),
        )
        for code in facts.tracking_codes
    ]


def _security(facts: SiteFacts) -> ET.Element:
    lifetime = facts.password_rules.lifetime_days
    return element(
        "ns1:securityOptions",
        _one("passwordExpires", bool(lifetime)),
        _one("passwordLifetime", lifetime),
        *_flags(changeUserName=True, strictUserPassword=True, accountNotify=True, requireLoginBeforeSiteAccess=False),
    )


def _criteria(facts: SiteFacts) -> ET.Element:
    rules = facts.password_rules
    return element(
        "ns1:accountPasswordCriteria",
        _one("mixedCase", rules.mixed_case),
        _one("minLength", rules.min_length),
        _one("minNumeric", rules.min_numeric),
        _one("minAlpha", rules.min_alpha),
        _one("minSpecial", rules.min_special),
        _one("disallow3XRepeatedChar", rules.disallow_repeated),
        _one("disallowWebTextAccounts", rules.disallow_own),
        _one("disallowList", bool(rules.disallowed)),
        *(_one("disallowValue", word) for word in rules.disallowed),
    )


def _flags(**told: bool) -> Iterator[ET.Element]:
    return (_one(name, value) for name, value in told.items())


def _one(name: str, value: Child) -> ET.Element:
    return element(f"ns1:{name}", value)


OPERATIONS = (Operation("site.GetSite", get_site),)
