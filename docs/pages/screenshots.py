"""
Pictures of the console, taken of the real pages in front of the sandbox: `PYTHONPATH=tests python
docs/pages/screenshots.py docs/images`.
"""
# ruff: noqa: INP001 - a script beside the pages, no package of the product

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Page

from fakes.console_stage import ConsoleStage, chromium, console_stage


async def _way(stage: ConsoleStage, page: Page, folder: Path) -> None:
    """
    Go through Connect and take a picture at each step.
    """

    async def take(name: str) -> None:
        await page.screenshot(path=folder / f"console-{name}.png", full_page=True)

    await page.goto(f"{stage.address}/sign-in")
    await take("1-sign-in")
    await stage.sign_in(page)
    await page.get_by_role("heading", name="Systems").wait_for()
    await take("2-systems")
    await page.goto(f"{stage.address}/systems/webex/set-up")
    await take("3-set-up")
    await page.get_by_role("link", name="Next").click()
    await page.get_by_text("Show advanced settings").click()
    await page.get_by_label("Client ID").fill("sandbox-client")
    await page.get_by_label("Client Secret").fill("sandbox-client-secret")
    await take("4-fields")
    await page.get_by_role("button", name="Connect").click()
    await page.get_by_role("button", name="Allow").wait_for()
    await take("5-consent")
    await page.get_by_role("button", name="Allow").click()
    await page.get_by_text("Verified").wait_for()
    await take("6-details")
    await page.goto(f"{stage.address}/systems/webex/token")
    await take("7-token")
    await page.emulate_media(color_scheme="dark")
    await page.goto(f"{stage.address}/")
    await take("8-systems-dark")
    await page.set_viewport_size({"width": 320, "height": 700})
    await page.goto(f"{stage.address}/systems/webex/connect")
    await take("9-small")


async def _taken(folder: Path) -> None:
    async with console_stage() as stage, chromium(1100, 720) as page:
        await _way(stage, page, folder)


if __name__ == "__main__":
    asyncio.run(_taken(Path(sys.argv[1])))
