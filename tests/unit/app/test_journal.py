"""
The journal in the log.
"""

import io
import json
import logging
from typing import Any

import pytest
import structlog

from webex_connector.app.journal import LogJournal
from webex_connector.base import log
from webex_connector.icf.attributes import replaced
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.operations import Change
from webex_connector.icf.options import Actor
from webex_connector.icf.ports import Done, Failed, Intent

ACTOR = Actor("idm", "rest")


@pytest.fixture
def written() -> Any:
    """
    What the log holds, line by line.
    """
    stream = io.StringIO()
    handlers, level = list(logging.root.handlers), logging.root.level
    log.configure(as_json=True, stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def test_a_write_is_there_before_and_after(written: Any) -> None:
    """
    Both lines carry the same key; the first says who wanted what, the second what became of it.
    """
    journal = LogJournal()
    intent = Intent("webex", "__ACCOUNT__", Change.UPDATE, ACTOR, "7", deltas=[replaced("title", "Lead")])

    key = await journal.begin(intent)
    await journal.end(key, Done(WriteResult("7", not_applied=(NotApplied("licenses", ("x",), "no unit"),))))

    before, after = written()
    assert before["key"] == after["key"] == key
    assert ("webex", "__ACCOUNT__", "update", "7", "idm", "rest", ["title"]) == tuple(
        before[name] for name in ("system", "object_class", "change", "uid", "client", "door", "attributes")
    )
    assert ("write.done", "7", ["licenses"]) == (after["event"], after["uid"], after["not_applied"])


async def test_values_are_not_logged(written: Any) -> None:
    """
    Names of attributes are enough to find out what happened; what people are called is not for the log.
    """
    await LogJournal().begin(
        Intent("webex", "__ACCOUNT__", Change.CREATE, ACTOR, attributes={"displayName": ("Anna Secret",)}),
    )

    assert "Anna" not in json.dumps(written())


async def test_a_failure_keeps_its_tracking_id(written: Any) -> None:
    """
    What support asks for is in the log, and whether the write may have happened all the same.
    """
    await LogJournal().end("k", Failed("Ambiguous", "lost", "WXC_1", ambiguous=True))

    (line,) = written()
    assert ("write.failed", "k", "Ambiguous", "WXC_1", True) == tuple(
        line[name] for name in ("event", "key", "error", "tracking_id", "ambiguous")
    )


async def test_what_an_error_says_is_not_logged(written: Any) -> None:
    """
    An error tells whose address is taken, and that is a value too.
    """
    await LogJournal().end("k", Failed("AlreadyExists", "anna@example.com belongs to a person of this organisation"))

    assert "anna" not in json.dumps(written())
