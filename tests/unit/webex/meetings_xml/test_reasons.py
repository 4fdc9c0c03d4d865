"""
The table of codes.
"""

import re
from itertools import chain

import pytest

from fakes.scripted_site import failure
from webex_connector.webex.errors import Conflict, NotFound, Refused, ServerFailed, Throttled, Unauthorized, WebexError
from webex_connector.webex.meetings_xml.markup import parsed
from webex_connector.webex.meetings_xml.reasons import MEANINGS, Category, meaning_of, refusal
from webex_connector.webex.meetings_xml.user_fields import USER_FIELDS

PUBLISHED = """
000000 000001 000003 000015 000029 000035 000045 010086 030001 030002 030003 030004 030005 030006 030007 030008 030009
030010 030011 030012 030013 030014 030015 030016 030017 030018 030019 030021 030022 030023 030025 030029 030030 030031
030032 030036 030037 030045 030046 030047 030048 030050 030051 030053 030054 030055 030056 030057 030058 030059 030060
030062 030070 030071 030072 030073 030074 030077 030098 030103 030104 030105 039001 039002 039003 039004 039006 039007
060001 060019 060021 060026 060048 060049 110055 200005 999999 AS0001
"""


def refused(code: str, *, backup: bool = False, value: str = "") -> WebexError:
    """
    Return the error for an answer with this code.
    """
    body = failure(code, backup=backup, value=value).body
    assert isinstance(body, bytes)
    response = parsed(body).at("header", "response")
    assert response is not None
    return refusal(response, "POST /user.SetUser", "T1", lambda text: text)


def test_every_published_code_has_a_meaning() -> None:
    """
    The table is the list of published codes, no more and no less.
    """
    assert sorted(MEANINGS) == sorted(PUBLISHED.split())


def test_every_category_becomes_an_error_that_is_in_use() -> None:
    """
    Each category but the one for unknown codes is met by some code, and none lacks its error.
    """
    assert {each.category for each in MEANINGS.values()} | {Category.UNKNOWN} == set(Category)
    assert all(issubclass(refused(code).__class__, WebexError) for code in MEANINGS)


def test_fields_that_are_named_exist() -> None:
    """
    A code that is about an element names one of a user, or the element around several.
    """
    paths = {*chain.from_iterable((each.path, each.path.partition("/")[0]) for each in USER_FIELDS)}

    assert {each.field for each in MEANINGS.values() if each.field} <= paths


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("030001", NotFound),
        ("030002", Unauthorized),
        ("030004", Conflict),
        ("000045", Throttled),
        ("000003", ServerFailed),
        ("030031", Refused),
        ("E030103", Refused),
        ("777777", Refused),
    ],
)
def test_a_code_is_an_error(code: str, kind: type[WebexError]) -> None:
    """
    With and without the letter that release notes put before it; one that nobody published leaves everything open.
    """
    error = refused(code, value="214")

    assert type(error) is kind
    assert error.codes == (code.removeprefix("E"),)
    assert "214" in str(error)
    assert re.search(r"POST /user\.SetUser", str(error))
    assert error.wait == (60.0 if kind is Throttled else None)
    assert meaning_of(error) is not None


def test_backup_servers_are_believed_of_the_log_in_alone() -> None:
    """
    What a site that runs on its backup does not find may well be there; so it counts as a failure of the site.
    """
    assert type(refused("000015", backup=True)) is ServerFailed
    assert type(refused("030002", backup=True)) is Unauthorized
    assert type(refused("000045", backup=True)) is Throttled
    assert refused("030004", backup=True).status == 200
    # It may be the log-in that is not found: repeating it would count.
    assert refused("030001", backup=True).status is None
