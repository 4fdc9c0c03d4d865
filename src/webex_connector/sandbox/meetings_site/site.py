"""
A simulated classic site with everything around it, ready to be tampered with; the sandbox serves it.
"""

from dataclasses import dataclass

from webex_connector.sandbox import rendering
from webex_connector.sandbox.clock import MovableClock
from webex_connector.sandbox.delivery import Delivery, Manner
from webex_connector.sandbox.exchange import Request
from webex_connector.sandbox.faults import Faults
from webex_connector.sandbox.limits import Limiter, Shape
from webex_connector.sandbox.meetings_site import populate
from webex_connector.sandbox.meetings_site.asking import Operations
from webex_connector.sandbox.meetings_site.callers import Desk
from webex_connector.sandbox.meetings_site.counter import Answered, Counter
from webex_connector.sandbox.meetings_site.operations import (
    api_version,
    authenticate,
    create_user,
    delete_users,
    get_site,
    get_user,
    list_users,
    meeting_types,
    set_user,
    time_zones,
)
from webex_connector.sandbox.meetings_site.quirks import USER_WRITES, SiteQuirks
from webex_connector.sandbox.meetings_site.reading import Message
from webex_connector.sandbox.meetings_site.records import first_password
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.world import SiteWorld
from webex_connector.sandbox.trace import Entry, Trace

PATH = "/WBXService/XMLService"
"""
Where sites are asked.
"""

OPERATIONS = (
    *api_version.OPERATIONS,
    *authenticate.OPERATIONS,
    *get_user.OPERATIONS,
    *list_users.OPERATIONS,
    *create_user.OPERATIONS,
    *set_user.OPERATIONS,
    *delete_users.OPERATIONS,
    *meeting_types.OPERATIONS,
    *time_zones.OPERATIONS,
    *get_site.OPERATIONS,
)
"""
All that a site can be asked.
"""


@dataclass(frozen=True, slots=True)
class SiteCredentials:
    """
    What a client needs to use a site; nothing here is secret.
    """

    site_name: str
    site_id: int
    partner_id: str
    web_ex_id: str
    password: str


class MeetingsSite:
    """
    A simulated classic site. `world` may be read and prepared by tests directly; clients ask over HTTP.

    Raises ValueError for fewer users than the three that are always there.
    """

    def __init__(
        self,
        name: str,
        clock: MovableClock,
        *,
        number: int = 1,
        users: int = 500,
        seed: int = 7,
        quirks: SiteQuirks | None = None,
        limit: Shape | None = None,
    ) -> None:
        self.facts = populate.facts_of(name, number)
        self.faults = Faults()
        self.limits = Limiter(limit)
        self.trace = Trace(is_read=lambda entry: entry.template not in USER_WRITES)
        self._clock = clock
        self._first_quirks, self._first_limit = quirks or SiteQuirks(), limit
        self._seeded = (users, seed)
        self._desk = Desk()
        self._counter = Counter(Operations(OPERATIONS), self._desk, self.faults, self.limits, clock)
        self._numbered = 0
        self._populate()

    @property
    def quirks(self) -> SiteQuirks:
        """
        The site's habits; may be replaced at any time.
        """
        return self.world.quirks

    @quirks.setter
    def quirks(self, quirks: SiteQuirks) -> None:
        self.world.quirks = quirks

    @property
    def credentials(self) -> SiteCredentials:
        """
        What lets its administrator in, as the site was made.
        """
        admin = next(iter(self.world.users()))
        facts = self.facts
        return SiteCredentials(
            facts.name, facts.site_id, facts.partner_id, admin.web_ex_id, first_password(admin.user_id)
        )

    def reset(self) -> None:
        """
        Begin again: the site as seeded, the first quirks and limit, no faults, no tickets, an empty trace.
        """
        self.faults.clear()
        self.trace.clear()
        self.limits.restart(self._first_limit)
        self._desk.clear()
        self._counter.blocked.clear()
        self._populate()

    async def answer(self, request: Request, message: Message | Refusal, tracking_id: str) -> Delivery:
        """
        Answer a request, given what was read of it.
        """
        # Kept before the work: a fault may delay it, and requests are numbered as they come.
        self._numbered += 1
        number, came = self._numbered, self.world.now()
        answered = await self._counter.answer(self.world, message, request.body)
        self.trace.add(_entry(number, came, request, answered, tracking_id))
        return answered.delivery

    def _populate(self) -> None:
        self.world = SiteWorld(self.facts, self._clock, self._first_quirks)
        populate.populate(self.world, *self._seeded)


def _entry(number: int, came: int, request: Request, answered: Answered, tracking: str) -> Entry:
    delivery = answered.delivery
    return Entry(
        n=number,
        at=rendering.moment(came),
        method=request.method,
        template=answered.operation,
        path=request.path,
        query=request.query_string,
        subject=answered.subject,
        status=delivery.reply.status,
        actor=delivery.actor,
        tracking_id=tracking,
        received=len(request.body),
        sent=len(delivery.reply.body) if delivery.manner is Manner.WHOLE else 0,
        fault=delivery.fault,
        code=answered.code,
    )
