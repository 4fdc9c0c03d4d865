"""
Somebody in front of the sandbox's consent page.
"""

from urllib.parse import parse_qsl, urlsplit

import httpx2


async def decided(address: str, decision: str = "allow", **changed: str) -> str:
    """
    Open the page, press the button and return the address that the browser is led to; `changed` goes to the page in
    place of what the address says.
    """
    parts = urlsplit(address)
    asked = {**dict(parse_qsl(parts.query)), **changed}
    page = f"{parts.scheme}://{parts.netloc}{parts.path}"
    async with httpx2.AsyncClient(trust_env=False) as http:
        shown = await http.get(page, params=asked)
        if shown.status_code != 200:
            return shown.headers.get("location", shown.text)
        return (await http.post(page, data={**asked, "decision": decision})).headers["location"]
