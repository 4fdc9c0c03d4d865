"""
A whole run, from the first settings to a restored backup, every secret marked or collected: none of them stands in a
log, on the screen, in an answer, on a page, in the journal, in the organisation's trace, or unsealed in a file.
"""

import asyncio
import json
import re
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fakes.consenting import decided
from fakes.server_process import ServerProcess, serving
from webex_connector.app.practice import write_practice_file
from webex_connector.cli.exits import Exit
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE

pytestmark = pytest.mark.long

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]
MARK = "t0ps3cret"
PORT = 8765
"""
Of the redirect URI; nothing listens there, since the address is pasted.
"""

CREDENTIALS = Credentials(
    client_secret=f"{MARK}-client",
    refresh_token=f"{MARK}-refresh",
    access_token=f"{MARK}-access",
    password=f"{MARK}-basic",
)
PASSWORD = f"{MARK}-of-a-person"
IN_A_FILE = f"{MARK}-in-a-file"
INLINE = f"{MARK}-inline"
SYSTEM = "/openidm/system/webex"
ONE = f'{SYSTEM}/__ACCOUNT__?_queryFilter=emails eq "{SAMPLE}"&_fields=emails'


@dataclass
class Whereabouts:
    """
    Every text that somebody could read, by its place, and every secret that came up.
    """

    sandbox: Sandbox
    texts: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def collect(self) -> None:
        """
        Take up the tokens and the codes that the organisation has handed out, before it forgets those that it replaces.
        """
        grants = self.sandbox.world.grants
        self.secrets |= {*grants._access, *grants._refresh}

    def answered(self, answer: httpx2.Response) -> httpx2.Response:
        """
        Keep an answer. Its cookie is the session, which the browser must have.
        """
        self.collect()
        headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        self.texts[f"answer {len(self.texts)} to {answer.request.method} {answer.request.url}"] = (
            f"{headers} {answer.text}"
        )
        return answer

    def filed(self, folder: Path) -> None:
        """
        Keep the files of a folder, the database among them as the bytes that it is.
        """
        for file in (each for each in folder.rglob("*") if each.is_file()):
            self.texts[str(file)] = file.read_bytes().decode("latin-1")

    def where(self, secret: str) -> list[str]:
        """
        The places where a secret stands.
        """
        return [place for place, text in self.texts.items() if secret in text]


@pytest.fixture
def sandbox(organisation: Any) -> Iterator[Sandbox]:
    """
    The organisation, with credentials that cannot be overlooked.
    """
    simulated: Sandbox = organisation.sandbox
    before = simulated.credentials
    simulated.credentials = CREDENTIALS
    simulated.reset()
    simulated.quirks = Quirks(refresh_rotates=True)
    yield simulated
    simulated.credentials = before
    simulated.reset()


@pytest.fixture
def config(organisation: Any, sandbox: Sandbox, tmp_path: Path) -> Path:
    """
    A settings file without the secrets of its system, which consent is to bring, and an older system's file beside it.
    """
    file = tmp_path / "webex-connector.toml"
    write_practice_file(file, organisation.address, sandbox.credentials)
    lines = [each for each in file.read_text().splitlines() if not each.startswith(("clientSecret", "refreshToken"))]
    folder = tmp_path / "conf"
    folder.mkdir()
    (folder / "provisioner.openicf-old.json").write_text(provisioner(organisation.address))
    file.write_text("\n".join(['provisioners = "conf"', *lines, "[connect]", f"port = {PORT}", ""]))
    return file


def provisioner(address: str) -> str:
    """
    An older system's file, as platforms have it: with its secrets in plain text.
    """
    properties = {
        "serviceUri": f"{address}/v1",
        "tokenEndpoint": f"{address}/v1/access_token",
        "clientId": CREDENTIALS.client_id,
        "clientSecret": IN_A_FILE,
        "refreshToken": IN_A_FILE,
    }
    ref = {
        "connectorName": "org.forgerock.openicf.connectors.webex.WebexConnector",
        "bundleName": "org.forgerock.openicf.connectors.webex-connector",
        "bundleVersion": "1.5.20.30",
    }
    return json.dumps({"name": "old", "connectorRef": ref, "configurationProperties": properties})


class _Person:
    """
    Types the client secret, then the address to which the consent page has led the browser.
    """

    def __init__(self, found: Whereabouts, capsys: Capture) -> None:
        self._found, self._capsys, self._lines = found, capsys, 0

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        self._lines += 1
        if self._lines == 1:
            return f"{CREDENTIALS.client_secret}\n"
        shown = self._capsys.readouterr()
        self._found.texts["screen of connect"] = shown.out + shown.err
        address = next(each for each in shown.err.split() if "/authorize?" in each)
        led: list[str] = []
        browser = threading.Thread(target=lambda: led.append(asyncio.run(decided(address))))
        browser.start()
        browser.join()
        self._found.secrets.add(re.findall(r"code=([^&]+)", led[0])[0])
        return f"{led[0]}\n"


def _rest(found: Whereabouts, server: ServerProcess, token: str, organisation: str) -> None:
    """
    Read, write, fail, try a configuration, run a script, and come with wrong tokens and passwords.
    """

    def sent(method: str, path: str, body: object = None, **headers: str) -> httpx2.Response:
        shown = headers or {"Authorization": f"Bearer {token}"}
        return found.answered(httpx2.request(method, server.address + path, json=body, headers=shown, timeout=60))

    (row,) = sent("GET", ONE).json()["result"]
    title = [{"operation": "replace", "field": "title", "value": "Chief"}]
    assert 200 == sent("PATCH", f"{SYSTEM}/__ACCOUNT__/{row['_id']}", title).status_code
    for effect, to, times in ((Fail(403), "GET /roles", 1), (LoseAnswer(), "GET /roles", 4)):
        found.sandbox.faults.add(Fault(effect, to=to, times=times))
        assert 400 <= sent("GET", f"{SYSTEM}/ROLES?_queryFilter=true").status_code
        found.sandbox.faults.clear()
    written = json.loads(provisioner(organisation).replace(IN_A_FILE, INLINE))
    for action, word in (("testConfig", "could not be authenticated"), ("createFullConfig", "&{old.clientSecret}")):
        assert word in sent("POST", f"/openidm/system?_action={action}", written).text
    sent("POST", f"{SYSTEM}?_action=test")
    sent("GET", "/scim/webex/v2/Users?count=1")
    sent("GET", ONE, Authorization=f"Bearer {token}x")
    sent("GET", ONE, **{"X-OpenIDM-Username": "ida", "X-OpenIDM-Password": f"{PASSWORD}!"})
    assert 200 == sent("GET", ONE, **{"X-OpenIDM-Username": "ida", "X-OpenIDM-Password": PASSWORD}).status_code


def _console(found: Whereabouts, server: ServerProcess) -> None:
    """
    Sign in, look at every page, and set the system up anew: by consent, after a mistake, and with a pasted token.
    """
    grants = found.sandbox.world.grants
    grants._credentials = replace(CREDENTIALS, redirect_uris=(f"{server.address}/connected",))
    with httpx2.Client(base_url=server.address, timeout=60) as browser:

        def visited(path: str, **form: str) -> httpx2.Response:
            return found.answered(browser.post(path, data=form) if form else browser.get(path))

        visited("/sign-in", name="ida", password=f"{PASSWORD}!", to="/")
        visited("/sign-in", name="ida", password=PASSWORD, to="/")
        # The session is in the browser's hands alone.
        found.secrets |= set(browser.cookies.values())
        for page in ("/", "", "/findings", "/set-up", "/connect", "/token"):
            assert 200 == visited(page if page == "/" else f"/systems/webex{page}").status_code

        def formed(path: str, **fields: str) -> httpx2.Response:
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', visited(path).text))
            return visited(path, **hidden, **fields)

        client = {"clientId": CREDENTIALS.client_id, "clientSecret": CREDENTIALS.client_secret}
        assert 400 == formed("/systems/webex/connect", **client, maximumConnections="x").status_code
        left = formed("/systems/webex/connect", **client).headers["refresh"].removeprefix("0; url=")
        back = asyncio.run(decided(left))
        found.secrets.add(re.findall(r"code=([^&]+)", back)[0])
        assert "/systems/webex" in visited(back.removeprefix(server.address)).headers["location"]
        assert 303 == formed("/systems/webex/token", token=CREDENTIALS.access_token).status_code


def test_a_whole_run_leaves_no_secret(
    config: Path,
    organisation: Any,
    sandbox: Sandbox,
    run: Run,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Consent in the shell, a sealed file, access, the doors, the commands that show something, backup, new key, restore.
    """
    found = Whereabouts(sandbox)
    old = config.parent / "conf" / "provisioner.openicf-old.json"
    script = config.parent / "script.py"
    script.write_text("print(connector.configuration)\n")

    def typed(*words: str, expected: Exit = Exit.OK) -> str:
        assert expected == run(*words), words
        shown = capsys.readouterr()
        found.texts[" ".join(words)] = shown.out + shown.err
        found.collect()
        return shown.out

    monkeypatch.setattr("sys.stdin", _Person(found, capsys))
    typed("connect", "webex", "--paste")
    typed("seal", str(old))
    monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))
    typed("access", "add", "ida", "--role", "admin", "--password")
    token = typed("access", "add", "okta", "--role", "admin").strip()
    rotated = typed("access", "rotate", "okta").strip()
    for made in ("add okta --role admin", "rotate okta"):
        # The one place where a token is shown, once, to who made it.
        del found.texts[f"access {made}"]
    with serving(config) as server:
        _rest(found, server, rotated, organisation.address)
        _console(found, server)
    found.texts["log of the server"] = server.log
    for words in (
        ("test", "--system", "webex", "--verbose"),
        ("schema", "--system", "webex"),
        ("list", "role", "--system", "webex"),
        ("script", "run", str(script), "--system", "webex"),
        ("journal", "--json"),
        ("access", "list"),
        ("store", "backup", str(config.parent / "backup.tgz")),
        ("store", "rotate-key"),
        ("store", "restore", str(config.parent / "backup.tgz"), "--yes"),
    ):
        typed(*words)
    typed("test", "--system", "old", expected=Exit.FAILED)
    with tarfile.open(config.parent / "backup.tgz") as archive:
        archive.extractall(config.parent / "unpacked", filter="data")
    for folder in (f"{config}.data", config.parent / "unpacked", config.parent / "conf"):
        found.filed(Path(folder))
    found.texts["settings"] = config.read_text()
    found.texts["trace"] = repr(sandbox.trace.requests())

    keys = {file.read_text("utf-8").strip() for file in config.parent.rglob("store.key*")}
    for place in [place for place in found.texts if "store.key" in Path(place).name]:
        del found.texts[place]
    found.secrets |= {token, rotated, token.removeprefix("wxc_"), rotated.removeprefix("wxc_"), *keys}
    leaks = {secret: places for secret in found.secrets if (places := found.where(secret))}
    assert {} == leaks
    assert [] == found.where(MARK)
    assert len(found.secrets) > 10
    for part in ("webex.request", "idm.request", "console.signed_in", "gateway.login_failed"):
        assert part in server.log
    assert found.where(token[:10]), "a hint is kept, so that this search can find"
