"""
Configuration properties: right types, defaults, and all mistakes at once.
"""

import pytest

from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import (
    ConfigurationMistakes,
    Mistake,
    Property,
    PropertyType,
    Setting,
    configured,
)
from webex_connector.icf.errors import Verdict

PROPERTIES = (
    Property("serviceUri", "Where Webex is.", required=True),
    Property("clientSecret", "Of the integration.", secret=True),
    Property("connectionTimeout", "In seconds.", PropertyType.INTEGER, default=30),
    Property("rate", "Requests a second.", PropertyType.NUMBER),
    Property("verify", "Whether to check certificates.", PropertyType.BOOLEAN, default=True),
    Property("grantType", "Of OAuth.", allowed=("refresh_token", "client_credentials")),
    Property("claims", "Of a token.", PropertyType.MAP),
    Property("scopes", "Asked for.", PropertyType.LIST),
)
URI = {"serviceUri": "https://webexapis.com/v1"}


def test_what_is_not_given_has_its_default() -> None:
    """
    Every property has a value, in the order declared; an empty text counts as not given.
    """
    values = configured(PROPERTIES, {**URI, "rate": "", "verify": None})

    assert [each.name for each in PROPERTIES] == list(values)
    assert (30, True, None, None) == tuple(
        values[name] for name in ("connectionTimeout", "verify", "rate", "clientSecret")
    )


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("serviceUri", 5, "5"),
        ("clientSecret", "s", Secret("s")),
        ("clientSecret", Secret("s"), Secret("s")),
        ("connectionTimeout", 5, 5),
        ("connectionTimeout", "5", 5),
        ("connectionTimeout", " -5 ", -5),
        ("rate", 2, 2.0),
        ("rate", "2.5", 2.5),
        ("verify", "FALSE", False),
        ("verify", False, False),
        ("grantType", "refresh_token", "refresh_token"),
        ("claims", {"iss": "x"}, {"iss": "x"}),
        ("scopes", ["a", "b"], ("a", "b")),
    ],
)
def test_values_come_in_their_type(name: str, raw: object, expected: Setting) -> None:
    """
    Numbers and booleans may be written as texts, as Java tools do; secrets become secrets.
    """
    value = configured(PROPERTIES, {**URI, name: raw})[name]

    assert expected == value
    assert type(expected) is type(value)


@pytest.mark.parametrize(
    ("name", "raw", "problem"),
    [
        ("serviceUri", True, "must be a text"),
        ("serviceUri", ["x"], "must be a text"),
        ("serviceUri", None, "is required"),
        ("serviceUri", "", "is required"),
        ("clientSecret", 12345, "must be a text"),
        ("connectionTimeout", "soon", "must be a whole number, not 'soon'"),
        ("connectionTimeout", 2.5, "must be a whole number"),
        ("connectionTimeout", True, "must be a whole number"),
        ("connectionTimeout", "--5", "must be a whole number"),
        ("connectionTimeout", "²", "must be a whole number"),
        ("rate", "fast", "must be a number"),
        ("rate", True, "must be a number"),
        ("rate", "nan", "must be a number"),
        ("rate", "inf", "must be a number"),
        ("verify", 1, "must be true or false"),
        ("verify", "yes", "must be true or false"),
        ("grantType", "password", "must be one of refresh_token, client_credentials, not 'password'"),
        ("claims", "x", "must be an object"),
        ("scopes", "a b", "must be a list of texts"),
        ("scopes", ["a", 1], "must be a list of texts"),
        ("serviceURI", "x", "did you mean serviceUri?"),
        ("somethingElse", "x", "is not a property"),
    ],
)
def test_a_mistake_names_property_and_problem(name: str, raw: object, problem: str) -> None:
    """
    A wrong value is told with its property and what would be right.
    """
    with pytest.raises(ConfigurationMistakes) as refusal:
        configured(PROPERTIES, {**URI, name: raw})

    (mistake,) = refusal.value.mistakes
    assert name == mistake.property
    assert problem in mistake.problem


def test_all_mistakes_are_told_together() -> None:
    """
    Somebody who repairs a configuration reads everything that is wrong with it in one message.
    """
    with pytest.raises(ConfigurationMistakes, match=r"colour: .*; serviceUri: is required; rate: must be") as refusal:
        configured(PROPERTIES, {"colour": "red", "rate": "fast", "verify": True})

    assert Mistake("serviceUri", "is required") in refusal.value.mistakes
    assert Verdict.STOP_RUN is refusal.value.verdict


def test_a_wrong_secret_is_not_repeated() -> None:
    """
    The message about a secret of a wrong type does not show it.
    """
    with pytest.raises(ConfigurationMistakes) as refusal:
        configured(PROPERTIES, {**URI, "clientSecret": 123456789})

    assert "123456789" not in str(refusal.value)
