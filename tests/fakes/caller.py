"""
A client of the sandbox that knows what it expects.
"""

from dataclasses import dataclass
from typing import Any

import httpx2

from webex_connector.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Caller:
    """
    Somebody with a token who says beforehand what the answer will be.
    """

    client: httpx2.AsyncClient
    sandbox: Sandbox
    token: str
    root: str = "/v1"

    async def call(self, method: str, path: str, body: object = None, *, expect: int = 200) -> Any:
        """
        Make a request and return the answer's content. Raises AssertionError for another status.
        """
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.client.request(method, f"{self.root}{path}", json=body, headers=headers)
        assert expect == answer.status_code, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    async def follow(self, path: str) -> None:
        """
        Read a listing to its end, by its links.
        """
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.client.get(f"{self.root}{path}", headers=headers)
        while following := answer.links.get("next"):
            answer = await self.client.get(following["url"], headers=headers)
        assert answer.status_code == httpx2.codes.OK
