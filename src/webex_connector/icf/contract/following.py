"""
What following the changes of a target promises: nothing is lost, and what was acknowledged is not told again.
"""

# ruff: noqa: D401 - a check states what is promised, it gives no order

from collections.abc import Sequence

from webex_connector.icf import names
from webex_connector.icf.contract.subject import Subject, agrees, made, refused, require, standing
from webex_connector.icf.errors import InvalidInput
from webex_connector.icf.operations import DeltaType, SyncDelta


async def a_sync_without_a_token_tells_everything(subject: Subject) -> None:
    """
    Without a token each object is told of once, as being there.
    """
    async with standing(subject) as found:
        deltas = await _told(subject, None)
        uids = [delta.uid for delta in deltas]
        require(sorted(uids) == sorted(each.uid for each in found), f"{len(uids)} deltas tell of {len(found)} objects")
        require(
            all(delta.type is not DeltaType.DELETE and delta.object is not None for delta in deltas),
            "Without a token only what is there is told of, each with its object",
        )


async def the_token_of_now_tells_nothing(subject: Subject) -> None:
    """
    After the token of now nothing is told as long as nothing changes.
    """
    deltas = await _told(subject, await _now(subject))
    require(not deltas, f"{len(deltas)} changes are told of, and nothing has changed")


async def the_last_token_tells_nothing(subject: Subject) -> None:
    """
    After the token of the last delta nothing is told as long as nothing changes.
    """
    async with standing(subject):
        deltas = await _told(subject, None)
        again = await _told(subject, deltas[-1].token)
        require(not again, f"After everything was told of, {len(again)} changes are, and nothing has changed")


async def a_new_object_is_told_until_acknowledged(subject: Subject) -> None:
    """
    An object that was made is told of with its attributes, again after the same token, and not after its own.
    """
    token = await _now(subject)
    async with made(subject) as (uid, described):
        delta = await _alone(subject, token, uid, "a create")
        require(
            delta.object is not None and delta.object.name == (await subject.get(uid)).name,
            f"The delta of the new object {uid}, described by {described}, does not show it",
        )


async def an_update_is_told_until_acknowledged(subject: Subject) -> None:
    """
    An object that was changed is told of as it is now, again after the same token, and not after its own.
    """
    if subject.alteration is None:
        raise AssertionError(f"{subject.object_class} can be updated, so the subject must name a change")
    alteration = subject.alteration
    async with made(subject) as (uid, _):
        token = await _now(subject)
        await subject.update(uid, alteration.delta)
        delta = await _alone(subject, token, uid, "an update")
        found = () if delta.object is None else delta.object.values(alteration.delta.name)
        fact = subject.info.attribute(alteration.delta.name)
        require(agrees(fact, alteration.expected, found), f"The delta shows {fact.name} as {found}, as it was before")


async def a_deletion_is_told_until_acknowledged(subject: Subject) -> None:
    """
    An object that was deleted is told of as gone, again after the same token, and not after its own. Where deletions
    remove nothing, it is told of as not enabled.
    """
    async with made(subject) as (uid, _):
        token = await _now(subject)
        await subject.delete(uid)
        delta = await _alone(subject, token, uid, "a deletion")
        if not subject.erases:
            enabled = () if delta.object is None else delta.object.values(names.ENABLE)
            require(enabled == (False,), f"The deletion of {uid} is told of, and shows it as enabled: {enabled}")
            return
        require(delta.type is DeltaType.DELETE, f"The deletion of {uid} is told of as {delta.type.value}")


async def a_consumer_may_stop_anywhere(subject: Subject) -> None:
    """
    Whoever stops after the first delta is told of all others after its token, and of nothing twice.
    """
    token = await _now(subject)
    async with made(subject) as (first, _), made(subject) as (second, _):
        deltas = await _told(subject, token)
        require({first, second} == {delta.uid for delta in deltas}, "Two objects were made, and not both are told of")
        rest = [delta.uid for delta in await _told(subject, deltas[0].token)]
        require(rest == [deltas[1].uid], f"After the first of two deltas {len(rest)} are told of, not the other one")


async def a_damaged_token_is_refused(subject: Subject) -> None:
    """
    A token that was not handed out is refused: nobody may go on from somewhere else unnoticed.
    """
    token = await _now(subject)
    for damaged in ("", "damaged", token[:-3], f"{token}="[::-1]):
        await refused(InvalidInput, _told(subject, damaged), f"A sync from {damaged!r}")


async def _alone(subject: Subject, token: str, uid: str, what: str) -> SyncDelta:
    """
    Return the only delta after a token. Complains unless it is told again without, and not with acknowledgement.
    """
    await _told(subject, token)
    deltas = await _told(subject, token)
    uids = [delta.uid for delta in deltas]
    require(uids == [uid], f"As long as it is not acknowledged, {what} of {uid} is told of as {len(uids)} changes")
    again = await _told(subject, deltas[0].token)
    require(not again, f"After it was acknowledged, {what} is told of again")
    return deltas[0]


async def _told(subject: Subject, token: str | None) -> Sequence[SyncDelta]:
    await subject.let_time_pass()
    return [delta async for delta in subject.facade.sync(subject.object_class, token, subject.options)]


async def _now(subject: Subject) -> str:
    await subject.let_time_pass()
    token = await subject.facade.latest_token(subject.object_class, subject.options)
    await subject.let_time_pass()
    require(token, "There is no token of now")
    return token or ""
