"""
Writes to a site while one request or more go wrong: nothing lost, nothing doubled, and the end says what is true.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from fakes.classic_site import PASSWORD, ClassicSite, new_user, running_site
from fakes.hub import OPTIONS
from fakes.virtual_time import VirtualClock
from webex_connector.connector.meetings_site import account_update, doubts
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import Ambiguous, ConnectorError
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.ports import Done, Failed
from webex_connector.sandbox.faults import (
    Delay,
    Effect,
    Fail,
    Failure,
    Fault,
    HalfBody,
    LoseAnswer,
    RefuseButApplied,
    Reset,
    WrongJson,
)

SAMPLE = "jdoe"


@dataclass(frozen=True)
class Write:
    """
    A write: how it is asked for, by which operation it happens, and what it makes of the user.
    """

    operation: str
    who: str
    run: Callable[[ClassicSite], Awaitable[WriteResult]]
    path: str
    value: str


def _update(*deltas: object) -> Callable[[ClassicSite], Awaitable[WriteResult]]:
    return lambda running: running.facade.update(names.ACCOUNT, SAMPLE, deltas, OPTIONS)  # type: ignore[arg-type]  # deltas


WRITES = {
    "create": Write(
        "CreateUser",
        "zoe1",
        lambda running: running.facade.create(names.ACCOUNT, new_user(), OPTIONS),
        "company",
        "Acme",
    ),
    "update": Write("SetUser", SAMPLE, _update(replaced("title", "Boss")), "title", "Boss"),
    "password": Write(
        "SetUser",
        SAMPLE,
        _update(replaced(names.PASSWORD, PASSWORD), replaced("title", "Boss")),
        "title",
        "Boss",
    ),
    "delete": Write(
        "DelUser",
        SAMPLE,
        lambda running: running.facade.delete(names.ACCOUNT, SAMPLE, OPTIONS),
        "active",
        "DEACTIVATED",
    ),
}

EFFECTS: dict[str, Effect] = {
    "answer lost": LoseAnswer(),
    "half an answer": HalfBody(),
    "no XML": WrongJson(body="<html>moved</html"),
    "XML of others": WrongJson(body="<html/>"),
    "reset": Reset(),
    "gateway fails": Fail(502),
    "overloaded": Fail(503),
    "no such page": Fail(404),
    "database fails": Failure("000003"),
    "fails and applied": Failure("000003", applied=True),
    "unknown code": Failure("777777"),
    "unknown code and applied": Failure("777777", applied=True),
    "refused but applied": RefuseButApplied(),
    "on backup": Failure("030001", backup=True),
    "too slow": Delay(90),
    "throttled": Failure("000045"),
    "ticket over": Failure("030046"),
}

CASES = [
    (write, effect, times, blind)
    for write in WRITES
    for effect in EFFECTS
    for times, blind in ((1, False), (1, True), (9, False))
]


async def tried(write: str, effect: str, times: int, *, blind: bool, clock: VirtualClock) -> None:
    """
    Make a write while requests for it go wrong, once or for good, and where `blind`, those that look as well.

    Raises AssertionError when a result is not true, an error without doubt changed something, somebody else is touched,
    or the journal tells otherwise.
    """
    wanted = WRITES[write]
    async with running_site(clock, users=6) as running:
        site = running.site
        await running.facade.get(names.ACCOUNT, SAMPLE, OPTIONS)
        others = [each for each in site.world.users() if each.web_ex_id != wanted.who]
        must_fire = 1 if times == 1 else 0
        site.faults.add(
            Fault(EFFECTS[effect], to=f"POST user.{wanted.operation}", times=times, must_fire=must_fire),
        )
        if blind:
            # The first look of an update is before the write.
            first = 1 if write == "create" else 2
            site.faults.add(Fault(Fail(500), to="POST user.GetUser", attempt=first, times=99, must_fire=0))
        result = error = None
        try:
            result = await wanted.run(running)
        except ConnectorError as raised:
            error = raised
        await clock.sleep(600)
        site.faults.verify()
        user = site.world.user(wanted.who)
        happened = user is not None and user.field(wanted.path) == wanted.value

        assert [each for each in site.world.users() if each.web_ex_id != wanted.who] == others
        if result is not None:
            assert happened, "the result is not true"
            assert result.uid == wanted.who
        else:
            assert isinstance(error, Ambiguous) or not happened, f"{error!r} says that nothing happened"
        (entry,) = running.journal.entries
        assert isinstance(entry.end, Done if result is not None else Failed)
        assert not isinstance(entry.end, Failed) or entry.end.ambiguous == isinstance(error, Ambiguous)


@pytest.mark.parametrize(("write", "effect", "times", "blind"), CASES)
async def test_a_write_happens_once_or_the_failure_is_told(
    write: str, effect: str, times: int, *, blind: bool, clock: VirtualClock
) -> None:
    """
    Whatever goes wrong, a result is true, an error changed nothing, a doubt is called one, and nobody else is touched.
    """
    await tried(write, effect, times, blind=blind, clock=clock)


@pytest.mark.parametrize(
    ("effect", "complaint"),
    [("fails and applied", "says that nothing happened"), ("answer lost", "says that nothing happened")],
)
async def test_the_trial_complains_about_a_doubt_that_is_passed_over(
    effect: str, complaint: str, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    With no failure taken for a doubt, the trial finds users who were changed though the error denies it.
    """
    monkeypatch.setattr(doubts, "is_open", lambda _error: False)
    monkeypatch.setattr(account_update, "is_open", lambda _error: False)

    with pytest.raises(AssertionError, match=complaint):
        await tried("update", effect, 1, blind=False, clock=clock)
