"""
Who may see the console's pages, and what keeps other sites out.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from fakes.consenting import decided
from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.connectors import CONTROL_HUB, KINDS
from webex_connector.app.settings import ConnectSettings, ServeSettings, Settings, SystemSettings
from webex_connector.base.secret import Secret
from webex_connector.gateway.console.sessions import LIFE, Sessions
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf.configuration import configured
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.sandbox import Sandbox

ORIGIN = "http://console.test"
CLIENTS = (
    Client("admin", Secret("right"), role=Role.ADMIN),
    Client("one", Secret("right"), systems=frozenset({"webex"}), role=Role.ADMIN),
    Client("provisioner", Secret("right")),
)
PAGES = ("/", "/systems/webex", "/systems/webex/set-up", "/systems/webex/connect", "/systems/webex/token", "/connected")


@asynccontextmanager
async def console(clock: VirtualClock, public_address: str | None = None) -> AsyncIterator[httpx2.AsyncClient]:
    """
    Serve the console with two systems that are not connected, to a browser without a session.
    """
    credentials = replace(Credentials(), redirect_uris=(f"{public_address or ORIGIN}/connected",))
    sandbox = Sandbox(people=20, clock=clock, credentials=credentials)
    async with sandbox.serving() as address:
        given = {
            "serviceUri": f"{address}/v1",
            "tokenEndpoint": f"{address}/v1/access_token",
            "clientId": "sandbox-client",
        }
        values = configured(KINDS[CONTROL_HUB].properties, given)
        systems = {name: SystemSettings(name, CONTROL_HUB, "<b>Webex</b>", values) for name in ("webex", "other")}
        connect = ConnectSettings(public_address=public_address)
        settings = Settings(ServeSettings(), 50, CLIENTS, systems, connect=connect)
        async with wiring.opened(settings, clock) as opened:
            transport = httpx2.ASGITransport(wiring.doors(opened, settings, clock))
            async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as http:
                yield http


async def _signed_in(http: httpx2.AsyncClient, name: str = "admin") -> httpx2.Response:
    return await http.post("/sign-in", data={"name": name, "password": "right", "to": "/"})


def _form_token(answer: httpx2.Response) -> str:
    return str(re.findall(r'name="form_token" value="([^"]+)"', answer.text)[0])


async def _leaves(http: httpx2.AsyncClient, **fields: str) -> str:
    token = _form_token(await http.get("/systems/webex/connect"))
    answer = await http.post("/systems/webex/connect", data={"form_token": token, **fields})
    return str(answer.headers["refresh"]).removeprefix("0; url=")


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_without_signing_in(clock: VirtualClock, path: str) -> None:
    """
    Who is not signed in is led there, and back afterwards.
    """
    async with console(clock) as http:
        answer = await http.get(path)

        assert 303 == answer.status_code
        assert f"/sign-in?to={path.replace('/', '%2F')}" == answer.headers["location"]


@pytest.mark.parametrize("path", ["/systems/webex/connect", "/systems/webex/token", "/systems/webex/forget"])
async def test_no_change_without_signing_in(clock: VirtualClock, path: str) -> None:
    """
    It is not made up for afterwards either.
    """
    async with console(clock) as http:
        answer = await http.post(path, data={"clientSecret": "x"})

        assert (303, "/sign-in?to=%2F") == (answer.status_code, answer.headers["location"])


async def test_an_administrator_signs_in(clock: VirtualClock) -> None:
    """
    The cookie is out of reach for scripts, and goes along on the way back from Webex but with no other site's forms.
    """
    async with console(clock) as http:
        answer = await _signed_in(http)

        assert (303, "/") == (answer.status_code, answer.headers["location"])
        assert answer.headers["set-cookie"].endswith("; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax")
        assert "webex" in (await http.get("/")).text


async def test_behind_tls_the_cookie_travels_by_tls_alone(clock: VirtualClock) -> None:
    """
    And its name lets no other host set it.
    """
    async with console(clock, "https://console.example") as http:
        cookie = (await _signed_in(http)).headers["set-cookie"]

        assert cookie.startswith("__Host-")
        assert cookie.endswith("; Secure")


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("admin", "wrong", "Name and password fit no client"),
        ("nobody", "right", "Name and password fit no client"),
        ("provisioner", "right", "provisioner may not configure"),
    ],
)
async def test_others_do_not_sign_in(clock: VirtualClock, name: str, password: str, sentence: str) -> None:
    """
    The page says why, shows the name again and never the password.
    """
    async with console(clock) as http:
        answer = await http.post("/sign-in", data={"name": name, "password": password})

        assert (403, "") == (answer.status_code, answer.headers.get("set-cookie", ""))
        assert sentence in answer.text
        assert f'value="{name}"' in answer.text
        assert 'value="wrong"' not in answer.text


async def test_guessing_passwords_is_limited(clock: VirtualClock) -> None:
    """
    The same limit as at the other doors.
    """
    async with console(clock) as http:
        for _ in range(10):
            await http.post("/sign-in", data={"name": "admin", "password": "wrong"})

        assert "Too many failed log-ins" in (await _signed_in(http)).text


async def test_a_client_sees_its_own_systems_only(clock: VirtualClock) -> None:
    """
    The others are neither listed nor shown, and new ones are not for it to make.
    """
    async with console(clock) as http:
        await _signed_in(http, "one")

        assert "/systems/other" not in (await http.get("/")).text
        assert "Connect another organisation" not in (await http.get("/")).text
        assert 200 == (await http.get("/systems/webex")).status_code
        assert 403 == (await http.get("/systems/other/connect")).status_code
        assert 403 == (await http.get("/set-up?system=third")).status_code


@pytest.mark.parametrize("token", ["", "0" * 64])
async def test_a_form_without_its_session_s_token_does_nothing(clock: VirtualClock, token: str) -> None:
    """
    Another site could send it, but cannot know the token.
    """
    async with console(clock) as http:
        await _signed_in(http)
        answer = await http.post("/systems/webex/forget", data={"form_token": token})

        assert 403 == answer.status_code
        assert "This form is not of this session" in answer.text


async def test_a_form_of_another_site_does_nothing(clock: VirtualClock) -> None:
    """
    Browsers say where it comes from.
    """
    async with console(clock) as http:
        await _signed_in(http)
        token = _form_token(await http.get("/"))
        answer = await http.post(
            "/systems/webex/forget", data={"form_token": token}, headers={"Sec-Fetch-Site": "cross-site"}
        )

        assert 403 == answer.status_code


async def test_signing_out_ends_it(clock: VirtualClock) -> None:
    """
    The browser forgets the cookie.
    """
    async with console(clock) as http:
        await _signed_in(http)
        answer = await http.post("/sign-out", data={"form_token": _form_token(await http.get("/"))})

        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert 303 == (await http.get("/")).status_code


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "/\\evil.example", "evil", "/a\nb"])
async def test_signing_in_leads_to_no_other_site(clock: VirtualClock, to: str) -> None:
    """
    Whatever the address says.
    """
    async with console(clock) as http:
        answer = await http.post("/sign-in", data={"name": "admin", "password": "right", "to": to})

        assert "/" == answer.headers["location"]


@pytest.mark.parametrize("path", PAGES[:-1])
async def test_every_page_is_kept_to_itself(clock: VirtualClock, path: str) -> None:
    """
    Nothing inline, nothing from elsewhere, in no frame, in no cache; what people named is shown as text.
    """
    async with console(clock) as http:
        await _signed_in(http)
        answer = await http.get(path)

        assert 200 == answer.status_code
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert ("no-store", "no-referrer") == (answer.headers["cache-control"], answer.headers["referrer-policy"])
        assert not re.search(r"<script(?! src=)|<style|\son[a-z]+=|\sstyle=", answer.text)
        assert "<b>" not in answer.text


async def test_the_whole_way(clock: VirtualClock) -> None:
    """
    Form, Webex, back, details; what came back cannot be used twice.
    """
    async with console(clock) as http:
        await _signed_in(http)
        back = urlsplit(
            await decided(await _leaves(http, clientId="sandbox-client", clientSecret="sandbox-client-secret"))
        )
        answer = await http.get(f"{back.path}?{back.query}")

        assert (303, "/systems/webex") == (answer.status_code, answer.headers["location"])
        assert "Ready" in (await http.get("/systems/webex")).text
        found = await http.get("/systems/webex/findings")
        assert "Acme Example" in found.text
        assert "Acme Example" in (await http.get("/systems/webex?check=1")).text
        again = await http.get(f"{back.path}?{back.query}")
        assert (400, True) == (again.status_code, "Nobody asked for this" in again.text)


async def test_no_secret_reaches_the_log(clock: VirtualClock, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Neither passwords, nor what is typed, pasted or brought back, nor the session.
    """
    async with console(clock) as http:
        await _signed_in(http)
        address = await _leaves(http, clientId="sandbox-client", clientSecret="sandbox-client-secret")
        back = urlsplit(await decided(address))
        await http.get(f"{back.path}?{back.query}")
        await http.get("/systems/webex/findings")
        shown = await http.get("/systems/webex/token")
        state = re.findall(r'name="state" value="([^"]+)"', shown.text)[0]
        data = {"form_token": _form_token(shown), "state": state, "token": "pasted-t0ken"}
        await http.post("/systems/webex/token", data=data)

        log = "".join(capsys.readouterr())
        code = parse_qs(back.query)["code"][0]
        assert "app.connected" in log
        for secret in ("sandbox-client-secret", "pasted-t0ken", code, state, next(iter(http.cookies.values()))):
            assert secret not in log


async def test_a_new_system_is_set_up_and_forgotten(clock: VirtualClock) -> None:
    """
    No settings name it; a token is enough.
    """
    async with console(clock) as http:
        await _signed_in(http)
        assert "/systems/third/set-up" == (await http.get("/set-up?system=third")).headers["location"]
        shown = await http.get("/systems/third/token")
        state = re.findall(r'name="state" value="([^"]+)"', shown.text)[0]
        data = {"form_token": _form_token(shown), "state": state, "token": "t0ken"}
        assert "/systems/third" == (await http.post("/systems/third/token", data=data)).headers["location"]
        details = await http.get("/systems/third")
        assert "renewed by nobody" in details.text
        assert "t0ken" not in details.text

        await http.post("/systems/third/forget", data={"form_token": _form_token(details)})
        assert "third" not in (await http.get("/")).text
        gone = await http.get("/systems/third")
        assert (400, True) == (gone.status_code, "There is no system third" in gone.text)


async def test_a_token_that_is_none_is_told_on_the_page(clock: VirtualClock) -> None:
    """
    With a new question; what was pasted is not shown again.
    """
    async with console(clock) as http:
        await _signed_in(http)
        shown = await http.get("/systems/webex/token")
        state = re.findall(r'name="state" value="([^"]+)"', shown.text)[0]
        data = {"form_token": _form_token(shown), "state": state, "token": "http://x/#access_token=hush&state=y"}
        answer = await http.post("/systems/webex/token", data=data)

        assert 400 == answer.status_code
        assert "This is not the answer to the question that was asked" in answer.text
        assert "hush" not in answer.text


async def test_a_form_that_is_none_is_refused(clock: VirtualClock) -> None:
    """
    Too long, or no text.
    """
    async with console(clock) as http:
        await _signed_in(http)
        for content in (b"x=" + b"y" * 100_000, b"\xff=%ff"):
            assert 400 == (await http.post("/systems/webex/connect", content=content)).status_code


async def test_another_person_cannot_finish_what_somebody_began(clock: VirtualClock) -> None:
    """
    The answer belongs to the session that asked, so nobody is led to connect a system to a stranger's organisation.
    """
    async with console(clock) as http:
        await _signed_in(http)
        back = urlsplit(
            await decided(await _leaves(http, clientId="sandbox-client", clientSecret="sandbox-client-secret"))
        )
        http.cookies.clear()
        await _signed_in(http)
        answer = await http.get(f"{back.path}?{back.query}")

        assert (400, True) == (answer.status_code, "Nobody asked for this" in answer.text)


async def test_files_are_sent_once(clock: VirtualClock) -> None:
    """
    A browser that has one learns that it is the same; there are no others.
    """
    async with console(clock) as http:
        first = await http.get("/static/console.css")
        second = await http.get("/static/console.css", headers={"If-None-Match": first.headers["etag"]})

        assert (200, 304) == (first.status_code, second.status_code)
        assert first.headers["content-type"].startswith("text/css")
        assert [404, 404] == [(await http.get(f"/static/{name}")).status_code for name in ("x", "..%2Fdoor.py")]


async def test_a_session_that_is_forged_damaged_or_over_is_none(clock: VirtualClock) -> None:
    """
    Each process has its own key, too.
    """
    sessions = Sessions(clock)
    cookie = sessions.begin("admin")
    payload, _, signature = cookie.partition(".")

    found = sessions.of(cookie)
    assert found is not None
    assert "admin" == found.client
    for wrong in (
        "",
        "x",
        payload,
        f"{payload}.",
        f"x{payload}.{signature}",
        f"{payload}.{signature}0",
        f"é.{signature}",
    ):
        assert sessions.of(wrong) is None
    assert Sessions(clock).of(cookie) is None


async def test_a_session_lasts_a_working_day(clock: VirtualClock) -> None:
    """
    Then one signs in again.
    """
    sessions = Sessions(clock)
    cookie = sessions.begin("admin")
    await clock.sleep((LIFE - timedelta(seconds=2)).total_seconds())
    assert sessions.of(cookie) is not None
    await clock.sleep(3)
    assert sessions.of(cookie) is None
