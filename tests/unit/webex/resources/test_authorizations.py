"""
What Webex tells of the access token that asks.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from fakes.scripted_webex import Reply
from fakes.webex_stage import Stage
from webex_connector.webex.call import Call
from webex_connector.webex.errors import TooStrange


async def test_the_end_of_the_token_comes_in_milliseconds(stage: Stage) -> None:
    """
    The sample of Cisco's specification, as a moment.
    """
    server = await stage.server(lambda _seen: Reply(body={"exp": 1768630439322}))
    assert datetime(2026, 1, 17, 6, 13, 59, 322000, UTC) == await stage.client().authorizations.expiry(Call())
    assert ["/v1/authorizations/tokenExpiry"] == [seen.path for seen in server.seen]


@pytest.mark.parametrize("body", [{}, {"exp": "tomorrow"}, {"exp": 1e300}])
async def test_an_end_that_is_no_moment_is_strange(stage: Stage, body: dict[str, Any]) -> None:
    """
    Nothing is concluded from it.
    """
    await stage.server(lambda _seen: Reply(body=body))
    with pytest.raises(TooStrange):
        await stage.client().authorizations.expiry(Call())
