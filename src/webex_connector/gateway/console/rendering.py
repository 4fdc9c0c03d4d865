"""
From a template to an answer, with the headers that keep a page to itself.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

FOLDER: Final = Path(__file__).parent

HEADERS: Final[Mapping[str, str]] = {
    # htmx sends its requests by fetch; nothing is inline, and nothing comes from elsewhere.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # A code of Webex may stand in a page's address.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""
What every page is sent with.
"""

_SOON: Final = timedelta(days=14)


def page(template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> Response:
    """
    Return a page, or a part of one. Raises jinja2.UndefinedError when the template names what was not given.
    """
    text = _TEMPLATES.get_template(template).render(values)
    return HTMLResponse(text, status, {**HEADERS, **(headers or {})})


def redirect(path: str, cookie: str | None = None) -> Response:
    """
    Lead the browser to another page of the console by GET.
    """
    response = Response(status_code=303, headers={**HEADERS, "Location": path})
    if cookie is not None:
        response.headers.append("set-cookie", cookie)
    return response


def _day(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.day} {moment:%B %Y}"


def _minute(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _left(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return ""
    days = (moment - now) // timedelta(days=1)
    if moment <= now:
        return "ended"
    return f"in {days} days" if days > 1 else "within two days"


def _is_near(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment - now <= _SOON


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _day, "minute": _minute, "left": _left, "near": _is_near}
    return environment


_TEMPLATES: Final = _environment()
