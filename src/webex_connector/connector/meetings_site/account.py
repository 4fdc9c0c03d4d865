"""
`__ACCOUNT__`: the users of a site (https://developer.cisco.com/docs/webex-xml-api-reference-guide, user service).

The listing shows little of a user; everything else takes a request for each. So a search brings the little by default,
and reads users one by one, a few at a time, only for attributes that are asked for.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.connector.a_few_at_a_time import for_each
from webex_connector.connector.by_uid import present
from webex_connector.connector.calls import call_of
from webex_connector.connector.faults import read_all
from webex_connector.connector.meetings_site.account_create import AccountCreation
from webex_connector.connector.meetings_site.account_delete import deactivated
from webex_connector.connector.meetings_site.account_many import ManyChanges
from webex_connector.connector.meetings_site.account_update import AccountUpdate
from webex_connector.connector.meetings_site.attributes import ACCOUNT, LISTED, OBJECT_GUID
from webex_connector.connector.meetings_site.queries import translated
from webex_connector.connector.meetings_site.refusals import log_in_refused, reading, reading_one
from webex_connector.connector.meetings_site.user import account_in_list, account_of
from webex_connector.connector.one_at_a_time import OneAtATime
from webex_connector.connector.queries import ByUid
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.errors import InvalidOption, UnknownUid
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject, WriteResult
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest, Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.errors import WebexError
from webex_connector.webex.meetings_xml.site import MeetingsSite
from webex_connector.webex.meetings_xml.users import PAGE, UserQuery

SEEN_IN_LIST = LISTED | {OBJECT_GUID.name}
"""
What a user is not read by itself for.
"""


class Accounts:
    """
    The handler of `__ACCOUNT__`.
    """

    def __init__(self, site: MeetingsSite, clock: Clock, *, at_once: int = 4, page: int = PAGE) -> None:
        self.info = ACCOUNT
        self._site, self._clock, self._page = site, clock, page
        self._turns = OneAtATime()
        self._places = asyncio.Semaphore(at_once)

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make a user. Raises AlreadyExists with who holds the WebEx ID or the address, also where they are deactivated.
        """
        return await AccountCreation(self._site, self._clock, attributes, options).run()

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change a user: read, write what differs, look. One change at a time for each user.
        """
        async with self._turns.turn(uid.lower()):
            return await AccountUpdate(self._site, self._clock, uid, deltas, options).run()

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Deactivate a user: a site erases nobody, so the user is found from then on as one who is not enabled.
        """
        async with self._turns.turn(uid.lower()):
            return await deactivated(self._site, self._clock, uid, options)

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make many changes: 50 deletions in a request, all else a few at a time.
        """
        return await ManyChanges(self._site, self, options).run(changes)

    async def authenticate(self, name: str, password: str, options: OperationOptions) -> str:
        """
        Return the uid of the user with this WebEx ID and password. Raises InvalidCredential, PasswordExpired where the
        password must be changed first, BadCredentials for a user who is locked or not active, and UnsupportedOperation
        where the site makes no tickets or users log in elsewhere. A site counts failed log-ins and locks users by that.
        """
        try:
            await self._site.log_in(name, Secret(password), call_of(options))
        except WebexError as error:
            raise log_in_refused(error) from error
        return (await self.get(name, frozenset(), options)).uid

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read a user; the number in Control Hub takes a look at the listing.
        """
        call = call_of(options)
        with reading_one(self.info.name, uid):
            found = account_of(await self._site.users.get(uid, call))
            if OBJECT_GUID.name not in wanted:
                return found
            async for page in self._site.users.pages(UserQuery(webex_id=found.uid), call):
                for each in page.users:
                    if each.webex_id == found.uid:
                        more = account_in_list(each).attributes
                        return _with(found, {OBJECT_GUID.name: more.get(OBJECT_GUID.name, ())})
        return found

    def translate(self, node: Filter) -> Translation:
        """
        Leave to the site what its listing evaluates.
        """
        return translated(node)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Yield page after page, each with the attributes wanted. Raises InvalidOption for a mark that is none.
        """
        if isinstance(native, ByUid):
            yield await present(lambda uid: self.get(uid, wanted, options), native.uids)
            return
        if not isinstance(native, UserQuery):
            return
        start, seen = _start(resume), set[str]()
        size = min(options.page_size or self._page, self._page)
        pages = self._site.users.pages(native, call_of(options), start=start, size=size)
        async for page in read_all(pages, reading):
            fresh = [each for each in page.users if each.webex_id not in seen]
            seen.update(each.webex_id for each in fresh)
            following = None if page.next_start is None else str(page.next_start)
            objects = await self.completed([account_in_list(each) for each in fresh], wanted, options)
            yield Batch(objects, following, page.total)

    async def completed(
        self, listed: Sequence[ConnectorObject], wanted: frozenset[str], options: OperationOptions
    ) -> list[ConnectorObject]:
        """
        Return users of the listing with at least the wanted attributes; whoever is gone meanwhile is left out.
        """
        if wanted <= SEEN_IN_LIST:
            return list(listed)
        found: list[ConnectorObject | None] = [None] * len(listed)

        async def read(place: int) -> None:
            try:
                async with self._places:
                    with reading_one(self.info.name, listed[place].uid):
                        user = await self._site.users.get(listed[place].uid, call_of(options))
            except UnknownUid:
                return
            guid = listed[place].values(OBJECT_GUID.name)
            found[place] = _with(account_of(user), {OBJECT_GUID.name: guid} if guid else {})

        try:
            await for_each(range(len(listed)), read)
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures
        return [each for each in found if each is not None]

    async def lists(self, options: OperationOptions) -> AsyncIterator[list[ConnectorObject]]:
        """
        Yield every page of the listing of everybody.
        """
        pages = self._site.users.pages(UserQuery(), call_of(options), size=self._page)
        async for page in read_all(pages, reading):
            yield [account_in_list(each) for each in page.users]


def _with(found: ConnectorObject, more: Attributes) -> ConnectorObject:
    attributes = {**found.attributes, **{name: values for name, values in more.items() if values}}
    return ConnectorObject(names.ACCOUNT, found.uid, found.name, attributes)


def _start(resume: str | None) -> int:
    if resume is None:
        return 1
    if not resume.isascii() or not resume.isdigit():
        raise InvalidOption("The paging mark is not one of a listing of users")
    return int(resume)
