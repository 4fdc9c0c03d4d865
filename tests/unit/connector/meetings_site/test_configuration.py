"""
What the properties of a site mean, and what is wrong with them.
"""

from datetime import UTC, datetime

import pytest

from webex_connector.connector.meetings_site.configuration import Connection, budgets_of, connection_of
from webex_connector.connector.meetings_site.properties import PROPERTIES
from webex_connector.icf.configuration import ConfigurationMistakes, configured
from webex_connector.webex.meetings_xml.tickets import AccessToken, Password

GIVEN = {"siteName": "acme", "webExId": "admin", "password": "word"}


def connection(**given: object) -> Connection:
    """
    Read a configuration.
    """
    values = {name: value for name, value in {**GIVEN, **given}.items() if value is not None}
    return connection_of(configured(PROPERTIES, values), datetime(2026, 11, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "https://acme.webex.com/WBXService/XMLService"),
        ({"siteName": "acme.my"}, "https://acme.my.webex.com/WBXService/XMLService"),
        ({"siteUrl": "https://api.webex.com"}, "https://api.webex.com/WBXService/XMLService"),
        ({"siteUrl": "https://api.webex.com/"}, "https://api.webex.com/WBXService/XMLService"),
        ({"siteUrl": "https://x.example/other/path"}, "https://x.example/other/path"),
    ],
)
def test_the_address_is_that_of_the_site(given: dict[str, object], address: str) -> None:
    """
    Unless another one is given, of a host or in whole.
    """
    assert connection(**given).client.service_uri == address


def test_what_is_given_is_sent() -> None:
    """
    Numbers only where they are given; a password or a token, never both.
    """
    whole = connection(siteId=1234567, partnerId="g0webx!", concurrency=10, pageSize=100, readRateLimit="100/min")

    assert (whole.caller.site_id, whole.caller.partner_id) == ("1234567", "g0webx!")
    assert (whole.page, whole.at_once) == (100, 10)
    assert isinstance(whole.credential, Password)
    assert isinstance(connection(password=None, accessToken="t").credential, AccessToken)
    assert connection().caller.site_id is None


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"siteName": None}, "siteName"),
        ({"siteName": "https://acme.webex.com"}, "siteName"),
        ({"siteId": "g0webx!"}, "siteId"),
        ({"webExId": None}, "webExId"),
        ({"password": None}, "password"),
        ({"accessToken": "t"}, "password"),
        ({"siteUrl": "http://acme.webex.com"}, "siteUrl"),
        ({"concurrency": 11}, "concurrency"),
        ({"pageSize": 0}, "pageSize"),
        ({"sitName": "acme"}, "sitName"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, object], wrong: str) -> None:
    """
    By its property, and nothing of a secret is told.
    """
    with pytest.raises(ConfigurationMistakes) as caught:
        connection(**given)

    assert wrong in {each.property for each in caught.value.mistakes}
    assert "word" not in str(caught.value).replace("password", "")


def test_one_administrator_of_a_site_has_one_budget() -> None:
    """
    However the address and the name are written; another administrator has another.
    """
    assert connection().whose == connection(siteName="ACME", webExId="Admin", siteUrl="https://ACME.webex.com").whose
    assert connection().whose != connection(webExId="other").whose
    assert budgets_of(connection(), None) is None
