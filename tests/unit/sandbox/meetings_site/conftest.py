"""
A served classic site and a client of it.
"""

from collections.abc import AsyncIterator

import httpx2
import pytest

from fakes.site_asker import SiteAsker
from webex_connector.sandbox.meetings_site.site import MeetingsSite
from webex_connector.sandbox.sandbox import Sandbox


@pytest.fixture
def site(sandbox: Sandbox) -> MeetingsSite:
    """
    A site of a hundred users with the default habits.
    """
    return sandbox.sites.open("acmeclassic", users=100)


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx2.AsyncClient]:
    """
    A client of whatever the sandbox serves.
    """
    async with sandbox.serving() as address, httpx2.AsyncClient(base_url=address) as client:
        yield client


@pytest.fixture
def ask(site: MeetingsSite, http: httpx2.AsyncClient) -> SiteAsker:
    """
    A client that is the site's administrator.
    """
    known = site.credentials
    context = {"webExID": known.web_ex_id, "password": known.password, "siteName": known.site_name}
    return SiteAsker(http, context)
