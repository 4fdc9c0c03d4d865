"""
The console in front of a simulated organisation, and Chromium in front of the console.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from playwright.async_api import Page, async_playwright

from webex_connector.app import wiring
from webex_connector.app.connectors import CONTROL_HUB, KINDS
from webex_connector.app.serve import serving
from webex_connector.app.settings import ServeSettings, Settings, SystemSettings
from webex_connector.app.systems import Systems
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf.configuration import configured
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.sandbox import Sandbox

CHROMIUM = shutil.which("chromium")
"""
Debian's; None where it is not installed.
"""

AXE = (Path(__file__).parent.parent / "browser" / "axe-4.14.1.min.js").read_text("utf-8")
"""
axe-core, which finds what keeps people from using a page.
"""
Scheme = Literal["light", "dark"]


@dataclass
class ConsoleStage:
    """
    A running house. Its system `webex` knows where the organisation is, and nothing else.
    """

    sandbox: Sandbox
    organisation: str
    systems: Systems
    address: str

    async def sign_in(self, page: Page, name: str = "admin") -> None:
        """
        Open the console and sign in.
        """
        await page.goto(f"{self.address}/")
        await page.get_by_label("Name").fill(name)
        await page.get_by_label("Password").fill("right")
        await page.get_by_role("button", name="Sign in").click()

    async def ask(self, page: Page, secret: str | None = None) -> None:
        """
        Go the way of the set-up, up to the organisation's consent page.
        """
        await page.goto(f"{self.address}/systems/webex/set-up")
        await page.get_by_role("link", name="Next").click()
        await page.get_by_label("Client ID").fill("sandbox-client")
        await page.get_by_label("Client Secret").fill(secret or self.sandbox.credentials.client_secret)
        await page.get_by_role("button", name="Connect").click()
        await page.wait_for_url(f"{self.organisation}/v1/authorize?**")

    async def connect(self, page: Page) -> None:
        """
        Go the whole way, until the organisation's answers are shown.
        """
        await self.ask(page)
        await page.get_by_role("button", name="Allow").click()
        await page.get_by_text("Verified").wait_for()


@asynccontextmanager
async def console_stage() -> AsyncIterator[ConsoleStage]:
    """
    Build it on free ports, in real time.
    """
    clock = SystemClock()
    sandbox = Sandbox(people=40, clock=clock)
    clients = (Client("admin", Secret("right"), role=Role.ADMIN), Client("reader", Secret("right"), role=Role.READER))
    async with sandbox.serving() as organisation:
        given = {"serviceUri": f"{organisation}/v1", "tokenEndpoint": f"{organisation}/v1/access_token"}
        system = SystemSettings("webex", CONTROL_HUB, "Webex", configured(KINDS[CONTROL_HUB].properties, given))
        settings = Settings(ServeSettings(port=0), 50, clients, {"webex": system})
        async with (
            wiring.opened(settings, clock) as systems,
            serving(wiring.doors(systems, settings, clock), settings.serve) as address,
        ):
            grants = sandbox.world.grants
            uris = (f"{address}/connected", "http://localhost:3000/auth/code")
            grants._credentials = replace(Credentials(), redirect_uris=uris)
            yield ConsoleStage(sandbox, organisation, systems, address)


@asynccontextmanager
async def chromium(width: int = 1280, height: int = 860, scheme: Scheme = "light") -> AsyncIterator[Page]:
    """
    Open a window. Whatever the page's policy blocks, or a script throws, fails at the end.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = await context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        yield page
        await browser.close()
    assert [] == wrong, f"at {datetime.now(UTC)}: {wrong}"
