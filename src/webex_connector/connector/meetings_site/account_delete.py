"""
Deleting users: `DelUser` deactivates them, up to 50 in a request, and erases nobody.
"""

from collections.abc import Sequence
from contextlib import suppress

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.meetings_site.doubts import settled
from webex_connector.connector.meetings_site.own_user import refuse_own
from webex_connector.connector.meetings_site.refusals import reading_one, refusal
from webex_connector.connector.meetings_site.user import account_of
from webex_connector.connector.steps import Steps
from webex_connector.icf import names
from webex_connector.icf.errors import PermissionDenied
from webex_connector.icf.objects import ConnectorObject, NotApplied, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.errors import WebexError
from webex_connector.webex.meetings_xml.site import MeetingsSite

STAYS = "the site deactivates users and erases none: WebEx ID and address stay taken, and enabling the user undoes it"
"""
What the result of a deletion says.
"""


async def deactivated(site: MeetingsSite, clock: Clock, uid: str, options: OperationOptions) -> WriteResult:
    """
    Deactivate a user who is there; one who is deactivated already stays as it is.

    Raises UnknownUid, Ambiguous when nobody can tell whether it happened, CallerRefused for the user as whom this
    system logs in, and PermissionDenied for one whom the site keeps.
    """
    call, steps = call_of(options), Steps()
    with reading_one(names.ACCOUNT, uid):
        before = account_of(await site.users.get(uid, call))
    if not _is_active(before):
        return WriteResult(before.uid, before, before, changed=False)
    refuse_own(site, before, {names.ENABLE: (False,)})
    stays = False

    async def write() -> None:
        nonlocal stays
        done = await steps.take(site.users.deactivate([before.uid], call))
        stays = done is not None and not done

    async def look() -> ConnectorObject | None:
        found = account_of(await site.users.get(before.uid, call))
        return None if _is_active(found) else found

    try:
        after = await settled(write, look, f"the deactivation of {uid}", clock)
        steps.done = steps.done or after is not None
    except WebexError as error:
        raise refusal(error) from error
    if stays:
        raise PermissionDenied(f"The site does not deactivate {uid}, and does not say why")
    if steps.done:
        steps.not_applied.append(NotApplied(names.ENABLE, (), STAYS, asked=False))
        if after is None and options.read_back:
            # What was done is done; that it cannot be seen now is no reason to say otherwise.
            with suppress(WebexError):
                after = await look()
    return steps.result(before.uid, before=before, after=after)


def _is_active(found: ConnectorObject) -> bool:
    return found.values("active") != ("DEACTIVATED",)


async def deactivated_together(site: MeetingsSite, uids: Sequence[str], options: OperationOptions) -> frozenset[str]:
    """
    Deactivate up to 50 users in one request, and return with whom it surely succeeded, in lower case. Nothing is raised
    but what nobody expects: whoever is not among them is to be looked at by itself.
    """
    try:
        done = await site.users.deactivate(uids, call_of(options))
    except WebexError:
        return frozenset()
    return frozenset(each.lower() for each in done)
