"""
Giving and taking a person's licences (https://developer.webex.com/docs/api/v1/licenses, "assign licenses to users").

Webex does what it can, and says only by the answer's status that this was not everything: what it did is compared with
what was asked every time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webex_connector.connector.control_hub.person import not_applied
from webex_connector.connector.faults import meaning, open_question, reading, undone
from webex_connector.connector.steps import Steps
from webex_connector.icf.attributes import AttributeDelta, Value, Values
from webex_connector.icf.errors import ConnectorError, UnknownUid
from webex_connector.icf.objects import ConnectorObject, NotApplied
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import NotFound, Refused, WebexError
from webex_connector.webex.resources.licenses import LicenseChange, Operation

_TRIES = 3
_SUBJECT = "the change of licences"

# The codes with which Webex refuses to take a free licence that a paid one needs, and screen share, which any brings.
_COMPANIONS = frozenset({"700003", "700004", "700005", "700006"})


@dataclass(frozen=True, slots=True)
class Calling:
    """
    What a Calling licence needs to know about the person.
    """

    location_id: str | None = None
    extension: str | None = None
    phone_number: str | None = None


class NeedsALook(Exception):
    """
    Webex did not do to somebody what was asked, and why it did not depends on what the person has.
    """


async def relicensed(
    client: WebexClient,
    person: dict[str, Any],
    target: Values,
    dropped: Values,
    calling: Calling | None,
    call: Call,
    steps: Steps,
) -> dict[str, Any]:
    """
    Give the person exactly the target licences; return the person with the licences they have then.

    Webex keeps the free licences that come along with others. One that is merely not in the target stays without a
    word; one of the `dropped`, which the caller named, was not applied.

    Without one answer from Webex the person is read again. A refused set is tried licence by licence, so that one that
    cannot be had does not keep the others away. Raises a ConnectorError only if nothing was changed, or nobody knows.
    """
    have = person.get("licenses") or []
    changes = [LicenseChange(str(each), Operation.REMOVE) for each in have if each not in target]
    changes += [await _added(client, str(each), calling, call) for each in target if each not in have]
    refused: list[tuple[str, Refused]] = []
    try:
        after = await _assigned(client, person, changes, call, steps)
    except Refused as error:
        if len(changes) == 1:
            after, refused = person, [(changes[0].license_id, error)]
        else:
            after, refused = await _one_by_one(client, person, changes, call, steps)
    if after is None:
        return person
    companions = {each for each, why in refused if each not in dropped and not _COMPANIONS.isdisjoint(why.codes)}
    for each, why in refused:
        if each not in companions:
            steps.missed("licenses", (each,), meaning(why, attribute="licenses"))
    # What is there beside these came along with a licence (screen share comes with every other one).
    known = {value for each in steps.not_applied if each.attribute == "licenses" for value in each.values}
    _compare(after, target, {*target, *have} - known - companions, steps)
    return after


async def relicensed_unseen(
    client: WebexClient, person_id: str, delta: AttributeDelta, call: Call, steps: Steps
) -> Values:
    """
    Give and take licences of somebody whom nobody has looked at; return what the person holds then, as Webex's answer
    shows. It is no dry run.

    Raises NeedsALook when only the person can tell what that is about, and a ConnectorError when nothing was changed,
    or nobody knows.
    """
    given, taken = [str(each) for each in delta.add], [str(each) for each in delta.remove]
    changes = [LicenseChange(each, Operation.REMOVE) for each in taken] + [LicenseChange(each) for each in given]
    try:
        after = await _assigned(client, {"id": person_id}, changes, call, steps)
    except (Refused, UnknownUid) as error:
        raise NeedsALook from error
    if after is None:
        return ()
    held = tuple(after.get("licenses") or ())
    kept = [each for each in held if each not in taken]
    _compare(after, (*kept, *given), {*given, *taken}, steps)
    return held


def _compare(after: Mapping[str, Any], target: Values, asked_about: Collection[Value], steps: Steps) -> None:
    """
    Note which licences are other than they were to be, of those that were asked about.
    """
    account = ConnectorObject("", after["id"], None, {"licenses": tuple(after.get("licenses") or ())})
    steps.not_applied.extend(
        NotApplied(each.attribute, values, each.reason, each.tracking_id)
        for each in not_applied({"licenses": target}, account, exactly=True)
        if (values := tuple(value for value in each.values if value in asked_about))
    )


async def _assigned(
    client: WebexClient,
    person: dict[str, Any],
    changes: Sequence[LicenseChange],
    call: Call,
    steps: Steps,
) -> dict[str, Any] | None:
    """
    Assign, and look after every answer that leaves a doubt. Raises Refused when Webex refused and nothing is in place.
    """
    failures: list[WebexError] = []
    for _ in range(_TRIES):
        try:
            assignment = await steps.take(client.licenses.assign(person["id"], changes, [], call))
        except WebexError as error:
            failures.append(error)
            if not error.may_have_happened:
                break
            seen = await _seen(client, person["id"], call, error)
            if _in_place(seen, changes):
                steps.done = True
                return seen
            if isinstance(error, Refused):
                raise
            # Read back and not there: giving what is given and taking what is taken are no errors, so say it again.
            continue
        if assignment is None:
            return None
        # Which sites a licence brought or took is not in this answer.
        rest = {key: value for key, value in person.items() if key != "siteUrls"}
        return rest | {"licenses": list(assignment.licenses)}
    raise undone(failures, _SUBJECT, attribute="licenses") from failures[-1]


async def _seen(client: WebexClient, person_id: str, call: Call, error: WebexError) -> dict[str, Any]:
    try:
        return await client.people.get(person_id, call, calling_data=True)
    except NotFound as gone:
        raise meaning(gone) from error
    except WebexError:
        raise open_question(error, _SUBJECT) from error


def _in_place(person: dict[str, Any], changes: Sequence[LicenseChange]) -> bool:
    have = person.get("licenses") or []
    return all((change.license_id in have) == (change.operation is Operation.ADD) for change in changes)


async def _one_by_one(
    client: WebexClient,
    person: dict[str, Any],
    changes: Sequence[LicenseChange],
    call: Call,
    steps: Steps,
) -> tuple[dict[str, Any], list[tuple[str, Refused]]]:
    """
    Make one change after the other; return the person afterwards, and which licences Webex refused to change and why.
    """
    after, refused = person, list[tuple[str, Refused]]()
    for change in changes:
        try:
            after = await _assigned(client, after, [change], call, steps) or after
        except Refused as error:
            refused.append((change.license_id, error))
        except ConnectorError as error:
            steps.missed("licenses", (change.license_id,), error)
    return after, refused


async def _added(client: WebexClient, license_id: str, calling: Calling | None, call: Call) -> LicenseChange:
    if calling is None:
        return LicenseChange(license_id)
    with reading():
        offered = await client.licenses.list(call)
    name = next((str(each.get("name")) for each in offered if each.get("id") == license_id), "")
    if "calling" not in name.lower():
        return LicenseChange(license_id)
    return LicenseChange(license_id, Operation.ADD, calling.location_id, calling.phone_number, calling.extension)
