"""
SCIM filters as filters of the model, and what remains of them.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fakes.scim_tables import resource
from webex_connector.gateway.scim.dialects import Dialect, Groups
from webex_connector.gateway.scim.errors import Kind, Problem
from webex_connector.gateway.scim.filter import Query, mentioned, query_of, sieve
from webex_connector.gateway.scim.filter_text import parsed
from webex_connector.gateway.scim.users import ENTERPRISE_URN, WEBEX_USER_URN
from webex_connector.icf import names
from webex_connector.icf.filters import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    equals,
)

USER, GROUP, PROFILE = resource("User"), resource("Group"), resource("Profiles")
TEAM = resource("Team", groups=Groups.BOTH)
OKTA_PROFILE = resource("Profiles", Dialect.OKTA)
_NAME = Or((Present("lastName"), Present("firstName")))


@pytest.mark.parametrize(
    ("text", "native"),
    [
        ('userName eq "ann@example.com"', equals("emails", "ann@example.com")),
        ('USERNAME EQ "ann@example.com"', equals("emails", "ann@example.com")),
        ('userName eq "0b1e8d"', NOTHING),
        ('emails.value eq "0b1e8d"', NOTHING),
        ('userName sw "ann"', Compare("emails", Operator.STARTS_WITH, "ann")),
        ("externalId eq jyoung", equals("externalId", "jyoung")),
        ('id eq "u" and manager eq "m"', And((equals(names.UID, "u"), equals("managerId", "m")))),
        ('manager.value eq "m"', equals("managerId", "m")),
        ('manager[value eq "m"]', equals("managerId", "m")),
        (f'{ENTERPRISE_URN}:department eq "x"', equals("department", "x")),
        ('name.familyName ew "x"', Compare("lastName", Operator.ENDS_WITH, "x")),
        ('name[familyName co "x"]', Compare("lastName", Operator.CONTAINS, "x")),
        ("name pr", _NAME),
        ("name.givenName pr", Present("firstName")),
        ("addresses pr", Present("addresses")),
        ("emails pr", Present("emails")),
        ("emails[value pr]", Present("emails")),
        ("active eq true", equals(names.ENABLE, value=True)),
        ('active eq "False"', equals(names.ENABLE, value=False)),
        ("active ne true", Not(equals(names.ENABLE, value=True))),
        ("title eq null", Not(Present("title"))),
        ("title ne null", Present("title")),
        ("name eq null", Not(_NAME)),
        ("roles[value eq null]", NOTHING),
        ("roles[value ne null]", Present("roles")),
        ("members eq null", None),
        ('emails eq "a@b"', equals("emails", "a@b")),
        ('emails[value eq "a@b"]', equals("emails", "a@b")),
        ('emails[type eq "work" and value eq "a@b"]', equals("emails", "a@b")),
        ('emails[type eq "WORK"].value eq "a@b"', equals("emails", "a@b")),
        ('emails[primary eq true and value sw "a"]', Compare("emails", Operator.STARTS_WITH, "a")),
        ('emails[type eq "home" and value eq "a@b"]', NOTHING),
        ('emails[type eq "home" or value eq "a@b"]', equals("emails", "a@b")),
        ('emails[type eq "work" or value eq "a@b"]', Present("emails")),
        ('emails[not (type eq "home")]', Present("emails")),
        ('emails[type ne "work"]', NOTHING),
        ('emails.type eq "work"', Present("emails")),
        ('emails.type ne "work"', Not(Present("emails"))),
        ('emails ne "a@b"', Not(equals("emails", "a@b"))),
        ('not (emails.value co "a")', Not(Compare("emails", Operator.CONTAINS, "a"))),
        ('phoneNumbers eq "1"', equals("phoneNumbers", "1")),
        ('phoneNumbers[value eq "1" or value eq "2"]', Or((equals("phoneNumbers", "1"), equals("phoneNumbers", "2")))),
        ('roles.value eq "r" or entitlements eq "l"', Or((equals("roles", "r"), equals("licenses", "l")))),
        ('meta.resourceType eq "User"', EVERYTHING),
        ('meta.resourceType eq "Group" or title pr', Present("title")),
        ('meta[resourceType eq "User"]', EVERYTHING),
        ("meta pr", EVERYTHING),
        ('not (userName eq "0b1e8d" and name.formatted pr)', EVERYTHING),
        ("title pr and (title pr or userName pr)", And((Present("title"), Or((Present("title"), Present("emails")))))),
        ('meta.created gt "2026-01-02T03:04:05Z"', Compare("created", Operator.GREATER, "2026-01-02T03:04:05+00:00")),
        ('meta.created le "2026-01-02"', Compare("created", Operator.LESS_OR_EQUAL, "2026-01-02T00:00:00+00:00")),
    ],
)
def test_what_the_model_says_by_itself(text: str, native: Filter | None) -> None:
    """
    Nothing remains of these.
    """
    kind, expected = (GROUP, Not(Present("members"))) if native is None else (USER, native)

    assert Query(expected) == query_of(text, kind)


@pytest.mark.parametrize(
    ("text", "native"),
    [
        ('phoneNumbers[type eq "work" and value sw "1"]', Compare("phoneNumbers", Operator.STARTS_WITH, "1")),
        ('phoneNumbers[value sw "1" and value ew "2"]', None),
        ('phoneNumbers.type eq "work"', Present("phoneNumbers")),
        ("phoneNumbers[value pr]", Present("phoneNumbers")),
        ("phoneNumbers[primary eq true]", Present("phoneNumbers")),
        ('roles[display eq "x"]', Present("roles")),
        ("roles.display pr", Present("roles")),
        ('roles[not (value eq "r")]', Present("roles")),
        ('roles[value ne "r"]', Present("roles")),
        ("roles[value ne null and display pr]", Present("roles")),
        ('addresses.country eq "DE"', Present("addresses")),
        ('name.formatted co "x"', EVERYTHING),
        ("name.formatted pr", EVERYTHING),
        ('not (name.formatted co "x")', EVERYTHING),
        ('title pr or name.formatted co "x"', EVERYTHING),
        ('name[familyName pr and givenName eq "x"]', equals("firstName", "x")),
        ('name[not (familyName eq "x")]', _NAME),
        ('meta.created sw "2026-01"', EVERYTHING),
        ('meta.location ew "x"', EVERYTHING),
        ("meta.resourceType pr", EVERYTHING),
        ('meta.created gt "0001-01-01T00:00:00+01:00"', EVERYTHING),
        (f'{WEBEX_USER_URN}:siteUrls[value sw "a" and value ew "b"]', None),
    ],
)
def test_what_remains(text: str, native: Filter | None) -> None:
    """
    The model finds all that may match, and the whole filter remains to be tested.
    """
    if native is None:
        path = "phoneNumbers" if "phone" in text else "siteUrls"
        ends = ("1", "2") if "phone" in text else ("a", "b")
        native = And((Compare(path, Operator.STARTS_WITH, ends[0]), Compare(path, Operator.ENDS_WITH, ends[1])))

    assert Query(native, parsed(text)) == query_of(text, USER)


def test_only_what_is_not_exact_remains_of_a_conjunction() -> None:
    """
    Parts that the model says by itself are not tested twice.
    """
    one = query_of('userName sw "a" and name.formatted co "x" and title pr', USER)
    two = query_of('phoneNumbers.type eq "x" and title pr and name.formatted co "x"', USER)

    assert And((Compare("emails", Operator.STARTS_WITH, "a"), Present("title"))) == one.native
    assert one.remainder is not None
    assert {"name"} == {row.name for _, row in mentioned(one.remainder, USER).rows}
    assert two.remainder is not None
    assert {"name", "phoneNumbers"} == {row.name for _, row in mentioned(two.remainder, USER).rows}
    assert Query(NOTHING) == query_of('userName eq "x" and name.formatted co "x"', USER)


def test_members_of_a_group() -> None:
    """
    As Entra and IPSIE ask whether somebody is in it; each member is a User.
    """
    both = And((equals(names.UID, "g"), equals("members", "u")))

    assert Query(both) == query_of('id eq "g" and members eq "u"', GROUP)
    assert Query(equals("members", "u")) == query_of('members[value eq "u" and type eq "user"]', GROUP)
    assert Query(NOTHING) == query_of('members[value eq "u" and type eq "Group"]', GROUP)
    assert Query(Compare("memberSize", Operator.GREATER_OR_EQUAL, 3)) == query_of("memberSize ge 3", GROUP)
    assert Query(equals("moderators", "u")) == query_of('moderators eq "u"', TEAM)
    assert Query(EVERYTHING) == query_of('type eq "Profiles"', OKTA_PROFILE)
    assert Query(NOTHING) == query_of('type eq "Role"', OKTA_PROFILE)


def test_which_of_several_is_the_primary_one_remains() -> None:
    """
    Of a list of one it is that one; of several the model does not know the first.
    """
    several = replace(
        USER,
        core=replace(USER.core, attributes=tuple(replace(each, single=False) for each in USER.core.attributes)),
    )

    assert Query(Present("emails")) == query_of("emails[primary eq true]", USER)
    assert query_of("emails[primary eq true]", several).remainder is not None


def test_nothing_said_is_everything() -> None:
    """
    Without a filter all are found.
    """
    assert Query(EVERYTHING) == query_of(None, USER)


def test_times_are_shifted_as_answers_shift_them() -> None:
    """
    A client whose times run two hours ahead means what Webex calls two hours earlier.
    """
    query = query_of('meta.lastModified eq "2026-01-02T03:00:00Z"', USER, timedelta(hours=2))

    assert Query(equals("lastModified", "2026-01-02T01:00:00+00:00")) == query


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('nope eq "x"', 'User has no attribute "nope" (column 1)'),
        ("title pr and name.nope pr", 'User has no attribute "name.nope" (column 14)'),
        ('emails[nope eq "x"]', 'emails has no part "nope" (column 8)'),
        ("emails[value[a pr]]", "value has no parts to choose by (column 8)"),
        ("title[value pr]", "title has no parts to choose by (column 1)"),
        ("name.givenName[value pr]", "name.givenName has no parts to choose by (column 1)"),
        ('addresses eq "x"', "addresses has parts; name one, as in addresses.streetAddress (column 1)"),
        ('name sw "x"', "name has parts; name one, as in name.formatted (column 1)"),
        ("title gt null", "'gt' does not go with null (column 1)"),
        ("active gt true", "active is true or false; 'gt' does not go with that (column 1)"),
        ('active co "t"', "active is true or false; 'co' does not go with that (column 1)"),
        ('active eq "yes"', 'active is compared with true or false, not "yes" (column 1)'),
        ("active eq 1", "active is compared with true or false, not 1 (column 1)"),
        (
            "meta.created gt yesterday",
            "meta.created is compared with a time, as in 2026-11-21T09:30:00Z, not yesterday (column 1)",
        ),
    ],
)
def test_what_makes_no_sense(text: str, detail: str) -> None:
    """
    It is refused with its column, and never passed over.
    """
    with pytest.raises(Problem) as refusal:
        query_of(text, USER)

    assert (Kind.INVALID_FILTER, detail) == (refusal.value.kind, refusal.value.detail)


@pytest.mark.parametrize("value", ["x", "1.5", "9223372036854775808", "-9223372036854775809"])
def test_numbers(value: str) -> None:
    """
    A number is compared with a number that fits, and texts in it are not looked for.
    """
    for text, detail in (
        (f"memberSize eq {value}", f"memberSize is compared with an integer, not {value} (column 1)"),
        ('memberSize sw "1"', "memberSize is a number; 'sw' compares texts (column 1)"),
    ):
        with pytest.raises(Problem) as refusal:
            query_of(text, GROUP)
        assert detail == refusal.value.detail
    assert Query(equals("memberSize", -(2**63))) == query_of(f"memberSize eq {-(2**63)}", GROUP)
    assert Query(equals("memberSize", 2**63 - 1)) == query_of(f"memberSize eq {2**63 - 1}", GROUP)


ANN: dict[str, Any] = {
    "id": "U1",
    "userName": "Ann@example.com",
    "active": False,
    "name": {"familyName": "Archer", "formatted": "Ann Archer"},
    "emails": [{"value": "Ann@example.com", "type": "work", "primary": True}],
    "phoneNumbers": [{"value": "1", "type": "work"}, {"value": "2", "type": "mobile"}],
    "roles": [{"value": "R1", "display": "Full"}],
    ENTERPRISE_URN: {"department": "R&D", "manager": {"value": "M1", "displayName": ""}},
    "meta": {"created": "2026-01-02T03:04:05.678Z"},
    "title": "",
    "nickName": 5,
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('userName eq "ann@EXAMPLE.com"', True),
        ('userName ne "ann@EXAMPLE.com"', False),
        ('externalId ne "x"', True),
        ('id eq "u1"', False),
        ('id eq "U1"', True),
        ('userName sw "ANN@"', True),
        ('userName ew ".COM"', True),
        ('userName ew ".de"', False),
        ('userName co "N@E"', True),
        ('userName gt "ann"', True),
        ('userName ge "ann@example.com"', True),
        ('userName lt "ann@example.com"', False),
        ('userName le "ann@example.com"', True),
        ("active eq false", True),
        ("active pr", True),
        ("title pr", False),
        ('nickName gt "a"', False),
        ('nickName ne "5"', True),
        ("title eq null", True),
        ("department ne null", True),
        ("manager pr", True),
        ("manager.displayName pr", False),
        (f'{ENTERPRISE_URN}:department eq "r&d"', True),
        ('manager eq "M1"', True),
        ("costCenter pr", False),
        ('meta.created eq "2026-01-02T04:04:05.678+01:00"', True),
        ('meta.created gt "2026-01-02T03:04:05Z"', True),
        ('meta.created sw "2026-01-02t03"', True),
        ('phoneNumbers[type eq "work" and value eq "2"]', False),
        ('phoneNumbers[type eq "mobile" and value eq "2"]', True),
        ('phoneNumbers.type eq "mobile" and phoneNumbers.value eq "1"', True),
        ('phoneNumbers[not (type eq "work")]', True),
        ("phoneNumbers[primary pr]", False),
        ('roles.display eq "full"', True),
        ('roles[value eq "r1"]', False),
        ('name[familyName sw "a" and formatted co " "]', True),
        ('name.givenName eq null and name.familyName eq "archer"', True),
        ('addresses[country eq "DE"]', False),
        ('title sw "a" or active eq false', True),
        ('title sw "a" or active eq true', False),
    ],
)
def test_resources_as_the_client_sees_them(text: str, *, holds: bool) -> None:
    """
    Case counts where the schema says so, times are moments, one value has to fulfil all that is in its brackets.
    """
    assert holds is sieve(parsed(text), USER)(ANN)
