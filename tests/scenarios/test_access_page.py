"""
The examples of docs/access.md, run as shown; and what it has to name.
"""

import json
import re
from pathlib import Path

from fakes.issuer import SUBJECT
from fakes.token_desk import ANNA, Desk, token_desk
from fakes.virtual_time import VirtualClock
from webex_connector.app.connectors import KINDS
from webex_connector.app.settings_file import load
from webex_connector.gateway.given_rights import CLASSES, WITHHELD, limited
from webex_connector.gateway.issuing import SCOPES
from webex_connector.gateway.oauth.problems import Fault
from webex_connector.gateway.rights import Client, Role, Trusted
from webex_connector.store.opening import StorePlace, opened

PAGE = (Path(__file__).parents[2] / "docs" / "access.md").read_text()
EXAMPLE = re.compile(
    r"```http\nPOST (?P<address>\S+)\n(?:Authorization: Basic (?P<name>\S+) (?P<secret>\S+)\n)?(?P<body>\S+)\n\n"
    r"(?P<code>\d{3})\n(?P<answer>[^\n]+)\n```"
)


async def _run(desk: Desk, example: re.Match[str], secret: str) -> None:
    form = example["body"].replace("SIGNED", desk.issuer.signed(desk.clock.now(), iss="robot"))
    login = None if example["name"] is None else (example["name"], example["secret"].replace("SECRET", secret))
    fields = dict(part.split("=", 1) for part in form.replace("+", " ").split("&"))
    answer = await desk.ask(login, **fields)
    shown, real = json.loads(example["answer"]), answer.json()
    assert int(example["code"]) == answer.status_code
    assert list(shown) == list(real)
    assert {name: value for name, value in shown.items() if value != "…"}.items() <= real.items()


async def test_the_page_s_examples_run_as_shown(clock: VirtualClock) -> None:
    """
    Each request has the code and the answer that the page prints, for the client that its first command makes.
    """
    examples = list(EXAMPLE.finditer(PAGE))
    assert len(examples) == PAGE.count("```http")
    store = opened(StorePlace())
    async with token_desk(store, clock) as desk:
        okta = limited(Client("okta", systems=frozenset({"webex"})), ["delete"], [])
        secret = await desk.secret(okta)
        await desk.enrolment.add(Client("signer", trusted=Trusted("robot", SUBJECT)), None, ANNA)
        for example in examples:
            await _run(desk, example, secret)
    store.close()


def test_the_page_s_settings_can_be_read(tmp_path: Path) -> None:
    """
    An issuer, and the client that it speaks for.
    """
    text = PAGE.partition("```toml\n")[2].partition("```")[0]
    file = tmp_path / "settings.toml"
    file.write_text(text, "utf-8")
    found = load(file, {}, KINDS)
    assert ["tenant"] == [each.name for each in found.issuers]
    assert ["entra"] == [each.name for each in found.clients]


def test_the_page_names_everything() -> None:
    """
    Each role, right, kind of object and error of the token endpoint.
    """
    words = [*(each.value for each in Role), *SCOPES, *WITHHELD, *CLASSES, *(each.value for each in Fault)]
    assert [] == [each for each in words if f"`{each}`" not in PAGE]
