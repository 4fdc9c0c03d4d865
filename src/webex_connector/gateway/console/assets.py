"""
Styles, scripts and pictures, as they are in the package.
"""

import hashlib
from pathlib import PurePath
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from webex_connector.gateway.console.rendering import FOLDER

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
_FILES: Final = {file.name: file.read_bytes() for file in (FOLDER / "static").iterdir() if file.suffix in _TYPES}
_TAGS: Final = {name: f'"{hashlib.sha256(content).hexdigest()[:32]}"' for name, content in _FILES.items()}


async def served(request: Request) -> Response:
    """
    Answer with a file; a browser that has it already asks only whether it is the same.
    """
    name = request.path_params["file"]
    if name not in _FILES:
        return PlainTextResponse("Not found\n", 404)
    headers = {"ETag": _TAGS[name], "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if request.headers.get("if-none-match") == _TAGS[name]:
        return Response(status_code=304, headers=headers)
    return Response(_FILES[name], headers=headers, media_type=_TYPES[PurePath(name).suffix])
