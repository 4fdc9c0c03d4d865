"""
Who is in which group. Webex answers that only from the group's side (https://developer.webex.com/docs/api/v1/groups),
so the groups of people are found by walking all groups once.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from webex_connector.connector.control_hub.existence import known_among
from webex_connector.connector.faults import not_taken, open_question, reading
from webex_connector.connector.steps import Steps
from webex_connector.icf.errors import ConnectorError, InvalidAttributeValue
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import NotFound, Refused, WebexError
from webex_connector.webex.wire import Json

_TRIES = 3


async def members_of(client: WebexClient, group: Json, call: Call) -> AsyncIterator[list[Json]]:
    """
    Yield the members of a group that was read with its first members; the rest is fetched page by page. Where Webex
    does not say how many there are, the pages tell.
    """
    first = group.get("members") or []
    yield first
    size = group.get("memberSize")
    if isinstance(size, int) and size <= len(first):
        return
    async for page in client.groups.members(group["id"], call, start_index=len(first) + 1):
        yield page.items


async def groups_by_member(client: WebexClient, call: Call) -> dict[str, tuple[str, ...]]:
    """
    Return the group ids of everybody who is in a group, by person id: one walk of all groups.
    """
    found: dict[str, tuple[str, ...]] = {}
    with reading():
        async for page in client.groups.list(call, include_members=True):
            for group in page.items:
                alone = (group["id"],)
                async for members in members_of(client, group, call):
                    for member in members:
                        # One tuple for all who are in this group alone: most people are in few groups.
                        found[member["id"]] = found[member["id"]] + alone if member["id"] in found else alone
    return found


async def groups_of(client: WebexClient, person_id: str, call: Call) -> tuple[str, ...]:
    """
    Return the ids of one person's groups: one walk of all groups, of which only this person is kept.
    """
    found: list[str] = []
    with reading():
        async for page in client.groups.list(call, include_members=True):
            for group in page.items:
                async for members in members_of(client, group, call):
                    if any(member["id"] == person_id for member in members):
                        found.append(group["id"])
                        break
    return tuple(found)


async def join_and_leave(
    client: WebexClient,
    person_id: str,
    join: Iterable[str],
    leave: Iterable[str],
    call: Call,
    steps: Steps,
) -> tuple[set[str], set[str]]:
    """
    Put a person into groups and take them out of others; return which were joined and left.

    One group that fails does not keep the others from happening: it is noted in `steps`.
    """
    joined = {group for group in join if await _changed(client, group, [person_id], [], call, steps)}
    left = {group for group in leave if await _changed(client, group, [], [person_id], call, steps)}
    return joined, left


async def _changed(
    client: WebexClient,
    group: str,
    add: list[str],
    remove: list[str],
    call: Call,
    steps: Steps,
) -> bool:
    before = len(steps.withheld)
    missed = await change_members(client, group, add, remove, call, steps)
    if missed is not None:
        steps.missed("groups", (group,), missed.error)
    return missed is None and len(steps.withheld) == before


@dataclass(frozen=True, slots=True)
class Missed:
    """
    People who are not in or out of a group as they should be, as far as one can see, and why.
    """

    people: frozenset[str]
    error: ConnectorError


async def change_members(
    client: WebexClient,
    group: str,
    add: Sequence[str],
    remove: Sequence[str],
    call: Call,
    steps: Steps,
) -> Missed | None:
    """
    Put people into a group and take others out, in one request; return who was missed, None when all is as asked.

    Being put in twice or taken out twice is the same as once, so this may be repeated without looking. Before anybody
    is said to be missed, the members are read.
    """
    failures: list[WebexError] = []
    for remaining in reversed(range(_TRIES)):
        try:
            await steps.take(client.groups.change_members(group, add, remove, call))
        except WebexError as error:
            failures.append(error)
            if remaining and error.may_have_happened and not isinstance(error, Refused):
                continue
            break
        return None
    everybody, subject = frozenset((*add, *remove)), f"the change of members of {group}"
    if not any(failure.may_have_happened for failure in failures):
        return Missed(everybody, not_taken(failures, subject))
    try:
        inside = await _inside(client, group, call)
    except (NotFound, Refused):
        return Missed(everybody, not_taken(failures, subject))
    except WebexError:
        return Missed(everybody, open_question(failures[0], subject))
    misplaced = (frozenset(add) - inside) | (frozenset(remove) & inside)
    if misplaced != everybody:
        steps.done = True
    return Missed(misplaced, not_taken(failures, subject)) if misplaced else None


async def change_members_there_are(
    client: WebexClient,
    group: str,
    add: Sequence[str],
    remove: Sequence[str],
    call: Call,
    steps: Steps,
) -> list[Missed]:
    """
    Do the same; if it is refused since one of many is gone, once more with those there are.
    """
    missed = await change_members(client, group, add, remove, call, steps)
    if missed is None:
        return []
    everybody = [*add, *remove]
    if len(everybody) == 1 or not isinstance(missed.error, InvalidAttributeValue):
        return [missed]
    known = await known_among(client, everybody, call)
    if known is None or known.issuperset(everybody):
        return [missed]
    found = [Missed(frozenset(add) - known, missed.error)]
    add, remove = [each for each in add if each in known], [each for each in remove if each in known]
    again = await change_members(client, group, add, remove, call, steps) if add or remove else None
    return found if again is None else [*found, again]


async def _inside(client: WebexClient, group: str, call: Call) -> frozenset[str]:
    sent = await client.groups.get(group, call, include_members=True)
    return frozenset([member["id"] async for some in members_of(client, sent, call) for member in some])
