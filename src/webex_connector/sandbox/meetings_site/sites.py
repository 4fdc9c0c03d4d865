"""
The classic sites beside an organisation: they share one address, and each request names its site.
"""

from collections.abc import Iterator

from webex_connector.sandbox.clock import MovableClock
from webex_connector.sandbox.delivery import Delivery
from webex_connector.sandbox.exchange import Reply, Request
from webex_connector.sandbox.limits import Shape
from webex_connector.sandbox.meetings_site import reading
from webex_connector.sandbox.meetings_site.quirks import SiteQuirks
from webex_connector.sandbox.meetings_site.reading import Message, Unreadable
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.site import MeetingsSite

_NOT_FOUND, _NOT_ALLOWED = 404, 405


class Sites:
    """
    All classic sites of a sandbox, in the order they were opened.
    """

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._sites: dict[str, MeetingsSite] = {}

    def __iter__(self) -> Iterator[MeetingsSite]:
        return iter(self._sites.values())

    def __getitem__(self, name: str) -> MeetingsSite:
        """
        Return the site of that name. Raises KeyError when there is none.
        """
        return self._sites[name]

    def open(
        self,
        name: str,
        *,
        users: int = 500,
        seed: int = 7,
        quirks: SiteQuirks | None = None,
        limit: Shape | None = None,
    ) -> MeetingsSite:
        """
        Add a site, `{name}.webex.com`. Raises ValueError for a name there is already, and for fewer users than three.
        """
        if name in self._sites:
            raise ValueError(f"there is a site {name} already")
        number = len(self._sites) + 1
        site = MeetingsSite(name, self._clock, number=number, users=users, seed=seed, quirks=quirks, limit=limit)
        self._sites[name] = site
        return site

    def reset(self) -> None:
        """
        Begin again with every site.
        """
        for site in self:
            site.reset()

    async def answer(self, request: Request, tracking_id: str) -> Delivery:
        """
        Answer a request by the site it names; one that names none of them, by the first.
        """
        if not self._sites:
            return Delivery(Reply(_NOT_FOUND))
        if request.method != "POST":
            return Delivery(Reply(_NOT_ALLOWED))
        message: Message | Refusal
        try:
            message = reading.message_in(request.body)
        except Unreadable as problem:
            message = Refusal("000000", f"The request could not be read: {problem}.")
        return await self._named_by(message).answer(request, message, tracking_id)

    def _named_by(self, message: Message | Refusal) -> MeetingsSite:
        first = next(iter(self))
        if isinstance(message, Refusal):
            return first
        name, number = message.context.value("siteName").lower(), message.context.value("siteID")
        fits = (
            site for site in self if name == site.facts.name.lower() or (not name and number == str(site.facts.site_id))
        )
        return next(fits, first)
