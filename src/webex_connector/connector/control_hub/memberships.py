"""
Who is in which group. Webex answers that only from the group's side (https://developer.webex.com/docs/api/v1/groups),
so the groups of people are found by walking all groups once.
"""

from collections.abc import AsyncIterator, Iterable

from webex_connector.connector.control_hub.steps import Steps
from webex_connector.connector.faults import reading
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import AnswerLost, ServerFailed, WebexError
from webex_connector.webex.wire import Json

_TRIES = 3


async def members_of(client: WebexClient, group: Json, call: Call) -> AsyncIterator[list[Json]]:
    """
    Yield the members of a group that was read with its first members; the rest is fetched page by page.
    """
    first = group.get("members") or []
    yield first
    size = group.get("memberSize")
    if not isinstance(size, int) or size <= len(first):
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
    for remaining in reversed(range(_TRIES)):
        before = len(steps.withheld)
        try:
            await steps.take(client.groups.change_members(group, add, remove, call))
        except (AnswerLost, ServerFailed) as error:
            # Being put in twice or taken out twice is the same as once, so this may be repeated without looking.
            if remaining:
                continue
            steps.missed("groups", (group,), error)
            return False
        except WebexError as error:
            steps.missed("groups", (group,), error)
            return False
        return len(steps.withheld) == before
    return False
