"""
A structured log that never shows a secret.

Events are short fixed words, facts are key-value pairs: `log.info("webex.request", method="GET", status=200)`.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

from webex_connector.base.secret import MASK, Secret

_HIDDEN_KEYS = frozenset(
    {
        "authorization",
        "password",
        "token",
        "access_token",
        "refresh_token",
        "client_secret",
        "secret",
        "assertion",
    },
)


# What most facts are; they hide nothing.
_PLAIN = frozenset({str, int, float, bool, type(None)})


def _redacted(value: object) -> object:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, dict):
        return {key: MASK if str(key).lower() in _HIDDEN_KEYS else _redacted(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(inner) for inner in value]
    return value


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """
    Mask each value that is a secret or stands under a secret's usual name, at any depth.
    """
    return cast("dict[str, Any]", _redacted(dict(event)))


def configure(*, as_json: bool, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """
    Send the log to `stream` (standard error unless given): JSON lines for servers, readable lines for a terminal.

    The standard library's loggers are kept at warnings: the HTTP client's own log lines hold full addresses, and those
    hold e-mail addresses.
    """
    out = stream or sys.stderr
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=out.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=out, level=logging.WARNING, force=True, format="%(levelname)s %(name)s %(message)s")


def logger(room: str) -> structlog.typing.FilteringBoundLogger:
    """
    Return the logger of one room; every line carries the room's name.
    """
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(room=room))
