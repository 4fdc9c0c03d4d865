"""
Roles can be listed and read.
"""

import pytest

from fakes.scripted_webex import Reply
from fakes.webex_stage import Stage
from webex_connector.webex.call import Call
from webex_connector.webex.errors import TooStrange


async def test_all_of_them_are_one_answer(stage: Stage) -> None:
    """
    Webex does not page them.
    """
    server = await stage.server(lambda _seen: Reply(body={"items": [{"id": "x"}]}))
    assert [{"id": "x"}] == await stage.client().roles.list(Call())
    assert ["GET /v1/roles"] == [f"{seen.method} {seen.target}" for seen in server.seen]


async def test_one_of_them(stage: Stage) -> None:
    """
    By its id.
    """
    server = await stage.server(lambda _seen: Reply(body={"id": "x"}))
    assert {"id": "x"} == await stage.client().roles.get("x", Call())
    assert ["GET /v1/roles/x"] == [f"{seen.method} {seen.target}" for seen in server.seen]


async def test_no_list_is_not_an_empty_list(stage: Stage) -> None:
    """
    An answer without items tells nothing.
    """
    await stage.server(lambda _seen: Reply(body={}))
    with pytest.raises(TooStrange):
        await stage.client().roles.list(Call())
