"""
The log masks secrets at any depth.
"""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from webex_connector.base.log import configure, logger, redact
from webex_connector.base.secret import MASK, Secret

HIDDEN = "hunter2-hunter2"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """
    Where the log goes; afterwards the log is as it was.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    yield io.StringIO()
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    "facts",
    [
        {"what": Secret(HIDDEN)},
        {"what": [Secret(HIDDEN)]},
        {"what": {"deep": {"deeper": (Secret(HIDDEN),)}}},
        {"password": HIDDEN},
        {"headers": {"Authorization": f"Bearer {HIDDEN}"}},
        {"forms": [{"refresh_token": HIDDEN, "client_secret": HIDDEN}]},
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_no_secret_reaches_the_log(stream: io.StringIO, facts: dict[str, object], *, as_json: bool) -> None:
    """
    Secrets and what stands under a secret's usual name are masked, in JSON and in readable lines.
    """
    configure(as_json=as_json, stream=stream)

    logger("base").info("test.happened", **facts)

    assert HIDDEN not in stream.getvalue()
    assert "test.happened" in stream.getvalue()


def test_a_line_is_json_with_room_level_and_time(stream: io.StringIO) -> None:
    """
    A JSON line carries event, room, level, time in UTC and the facts.
    """
    configure(as_json=True, stream=stream)

    logger("icf").warning("write.refused", uid="P-1")

    line = json.loads(stream.getvalue())
    assert ("write.refused", "icf", "warning", "P-1") == (line["event"], line["room"], line["level"], line["uid"])
    assert line["timestamp"].endswith("Z")


def test_a_traceback_is_in_the_line(stream: io.StringIO) -> None:
    """
    An exception logged is told in full, with the secret it holds masked.
    """
    configure(as_json=True, stream=stream)
    try:
        int(f"no number: {Secret(HIDDEN)}")
    except ValueError:
        logger("icf").exception("broke", secret=Secret(HIDDEN))

    assert "no number" in json.loads(stream.getvalue())["exception"]
    assert HIDDEN not in stream.getvalue()


def test_other_libraries_speak_from_warnings_on(stream: io.StringIO) -> None:
    """
    Lines of other libraries hold addresses, so that only their warnings are let through.
    """
    configure(as_json=True, stream=stream)

    logging.getLogger("some.http.client").info("GET /people?email=anna@example.com")
    logging.getLogger("some.http.client").warning("connection lost")

    assert "anna" not in stream.getvalue()
    assert "connection lost" in stream.getvalue()


def test_redaction_leaves_the_event_given_as_it_was() -> None:
    """
    The caller's own data is not changed by being logged.
    """
    facts = {"password": HIDDEN}

    shown = redact(None, "info", {"facts": facts})

    assert {"facts": {"password": MASK}} == shown
    assert {"password": HIDDEN} == facts
