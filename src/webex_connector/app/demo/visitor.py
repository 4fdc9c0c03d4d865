"""
Somebody who sends requests to the door, over real HTTP, and looks at what they do.
"""

import asyncio
import http.client
import json
from collections.abc import Callable, Mapping
from typing import Any

from webex_connector.app.demo.stage import LOGIN, Stage
from webex_connector.app.demo.telling import Asked, as_curl, shortened

_SECONDS = 60


class Visitor:
    """
    Sends requests one after the other, tells about each, and remembers what was not as expected.
    """

    def __init__(self, stage: Stage, say: Callable[[str], object]) -> None:
        self._stage = stage
        self._say = say
        self.asked = 0
        self.wrong: list[str] = []

    @property
    def address(self) -> str:
        """
        The address of the door, as the reference page writes it.
        """
        return f"http://localhost:{self._stage.port}"

    async def ask(
        self,
        title: str,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        expected: int = 200,
        corrected: str = "",
    ) -> dict[str, Any]:
        """
        Send one request, tell it and its answer, and return the answer's body.
        """
        self.asked += 1
        text = None if body is None else json.dumps(body, indent=4)
        typed = {"Content-Type": "application/json"} if method != "POST" or body is not None else {}
        login = {"X-OpenIDM-Username": LOGIN, "X-OpenIDM-Password": LOGIN}
        asked = Asked(method, target, {**login, **typed, **(headers or {})}, text)
        self._say(f"\n── {self.asked}. {title} {'─' * max(0, 70 - len(title))}\n")
        if corrected:
            self._say(f"(The page's own request needs a correction: {corrected})\n")
        self._say(as_curl(asked, self.address))
        status, answer = await asyncio.to_thread(_sent, self._stage.port, asked)
        self._say(f"\nHTTP {status}\n{shortened(answer)}")
        if status != expected:
            self._fail(f"{title}: HTTP {status} instead of {expected}")
        return answer if isinstance(answer, dict) else {"": answer}

    async def look(self, target: str) -> dict[str, Any]:
        """
        Read something without telling about it.
        """
        login = {"X-OpenIDM-Username": LOGIN, "X-OpenIDM-Password": LOGIN}
        _, answer = await asyncio.to_thread(_sent, self._stage.port, Asked("GET", target, login))
        return dict(answer)

    def see(self, sentence: str, *, holds: bool) -> None:
        """
        Tell what became of it; when it does not hold, that is remembered.
        """
        self._say(f"\n{'✓' if holds else '✗'} {sentence}")
        if not holds:
            self._fail(sentence)

    def _fail(self, what: str) -> None:
        self.wrong.append(f"request {self.asked}: {what}")


def _sent(port: int, asked: Asked) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("localhost", port, timeout=_SECONDS)
    try:
        body = None if asked.body is None else asked.body.encode()
        connection.request(asked.method, asked.target, body, dict(asked.headers))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
