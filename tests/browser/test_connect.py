"""
Connect as a person does it, in a browser.
"""

import json

import pytest
from playwright.async_api import Page

from fakes.console_stage import AXE, ConsoleStage, Scheme, chromium
from fakes.hub import OPTIONS

pytestmark = pytest.mark.real_time

WAY = ("", "/systems/webex", "/systems/webex/set-up", "/systems/webex/connect", "/systems/webex/token")


async def test_a_system_is_connected_by_consent(stage: ConsoleStage) -> None:
    """
    Set up, fields, Connect, Webex's page, and back at details that Webex confirms.
    """
    async with chromium() as page:
        await stage.sign_in(page)
        await page.get_by_role("link", name="webex", exact=True).click()
        await page.get_by_role("link", name="Set up").click()
        assert f"{stage.address}/connected" == await page.get_by_label("Redirect URI").input_value()
        await page.get_by_role("button", name="Copy").click()
        await page.get_by_role("link", name="Next").click()
        await page.get_by_label("Client ID").fill("sandbox-client")
        await page.get_by_label("Client Secret").fill("sandbox-client-secret")
        assert not await page.get_by_label("Maximum Connections").is_visible()
        await page.get_by_text("Show advanced settings").click()
        assert "10" == await page.get_by_label("Maximum Connections").input_value()
        assert "30" == await page.get_by_label("Connection Timeout").input_value()
        await page.get_by_label("Connection Timeout").fill("20")
        await page.get_by_role("button", name="Connect").click()
        await page.get_by_role("button", name="Allow").click()

        await page.get_by_text("Verified").wait_for()
        shown = await page.get_by_role("main").inner_text()

    assert "Acme Example" in shown
    assert "Ada Admin: Full Administrator" in shown
    assert "spark-admin:people_write" in shown
    assert (await stage.systems["webex"].facade.test(OPTIONS)).ok
    [kept] = (await stage.systems.memory.connections.all()).values()
    assert 20 == json.loads(kept.properties.reveal())["connectionTimeout"]


async def test_no_secret_is_ever_shown_again(stage: ConsoleStage) -> None:
    """
    Neither what was typed nor what Webex gave is on any page.
    """
    async with chromium() as page:
        await stage.sign_in(page)
        await stage.connect(page)
        kept = json.loads((await stage.systems.memory.connections.all())["webex"].properties.reveal())
        for path in WAY:
            await page.goto(f"{stage.address}{path}")
            content = await page.content()
            assert kept["clientSecret"] not in content
            assert kept["refreshToken"] not in content
        await page.goto(f"{stage.address}/systems/webex/connect")
        assert "" == await page.get_by_label("Client Secret").input_value()
        await page.get_by_role("button", name="Connect").click()
        await page.get_by_role("button", name="Allow").click()
        await page.get_by_text("Verified").wait_for()


async def test_consent_can_be_denied(stage: ConsoleStage) -> None:
    """
    Nothing was stored, and the page says so.
    """
    async with chromium() as page:
        await stage.sign_in(page)
        await stage.ask(page)
        await page.get_by_role("button", name="Deny").click()

        assert "Consent was denied on Webex's page. Nothing was stored" in await page.get_by_role("alert").inner_text()
    assert {} == await stage.systems.memory.connections.all()


async def test_a_wrong_client_secret_is_told(stage: ConsoleStage) -> None:
    """
    After consent, since Webex looks at it only then.
    """
    async with chromium() as page:
        await stage.sign_in(page)
        await stage.ask(page, "wrong")
        await page.get_by_role("button", name="Allow").click()

        assert "does not know this client id with this client secret" in await page.get_by_role("alert").inner_text()


async def test_missing_fields_are_named_where_they_are(stage: ConsoleStage) -> None:
    """
    What was typed before is still there, the secret excepted.
    """
    async with chromium() as page:
        await stage.sign_in(page)
        await page.goto(f"{stage.address}/systems/webex/connect")
        await page.get_by_label("Client ID").fill("my-client")
        await page.get_by_role("button", name="Connect").click()

        assert "true" == await page.get_by_label("Client Secret").get_attribute("aria-invalid")
        assert "Client Secret is required" in await page.get_by_role("main").inner_text()
        assert "my-client" == await page.get_by_label("Client ID").input_value()


async def test_a_bearer_token_is_pasted(stage: ConsoleStage) -> None:
    """
    From the fragment of an address that no page was at.
    """
    async with chromium() as page:
        await stage.sign_in(page)
        await page.goto(f"{stage.address}/systems/webex/connect")
        await page.goto(f"{stage.address}/systems/webex/token")
        await page.get_by_label("The address, or the token").fill("sandbox-admin-token")
        await page.get_by_role("button", name="Connect").click()
        await page.get_by_text("Verified").wait_for()

        assert "renewed by nobody" in await page.get_by_role("main").inner_text()


async def test_the_keyboard_is_enough(stage: ConsoleStage) -> None:
    """
    Every step can be taken with Tab, Enter and typing.
    """
    async with chromium() as page:
        await page.goto(stage.address)
        await page.get_by_label("Name").focus()
        await page.keyboard.type("admin")
        await page.keyboard.press("Tab")
        await page.keyboard.type("right")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Systems").wait_for()
        await page.goto(f"{stage.address}/systems/webex/connect")
        await page.get_by_label("Client ID").focus()
        await page.keyboard.type("sandbox-client")
        await page.keyboard.press("Tab")
        await page.keyboard.type("sandbox-client-secret")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Allow").focus()
        await page.keyboard.press("Enter")
        await page.get_by_text("Verified").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_accessible_and_fits_a_small_screen(stage: ConsoleStage, scheme: Scheme) -> None:
    """
    axe-core finds nothing, before and after Connect; at 320 pixels nothing sticks out.
    """
    async with chromium(320, 700, scheme) as page:
        await page.goto(f"{stage.address}/sign-in")
        found = [*await _wrong(page)]
        await stage.sign_in(page)
        for _ in range(2):
            for path in WAY:
                await page.goto(f"{stage.address}{path}")
                if "not connected" not in (await page.get_by_role("main").inner_text()).lower() and path == WAY[1]:
                    await page.get_by_text("Verified").wait_for()
                found += await _wrong(page)
                wide = await page.evaluate("document.documentElement.scrollWidth")
                found += [f"{path} is {wide} wide"] if wide > 320 else []
            if "webex" not in stage.systems:
                await stage.connect(page)

    assert [] == found


async def _wrong(page: Page) -> list[str]:
    await page.evaluate(AXE)
    result = await page.evaluate("axe.run()")
    return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html']}" for each in result["violations"]]
