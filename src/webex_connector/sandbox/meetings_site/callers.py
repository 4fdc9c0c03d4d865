"""
Who asks: the security context of a request (REF "Security context", "Request authentication"), lock-out and tickets.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from webex_connector.sandbox.meetings_site import passwords
from webex_connector.sandbox.meetings_site.reading import Message, Node
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.world import SiteWorld

_SSO = "200005"


@dataclass(frozen=True, slots=True)
class Ticket:
    """
    A session ticket.
    """

    text: str
    user_id: int
    created: int
    """Milliseconds since 1970."""
    seconds: int
    """How long it is good for."""


class Desk:
    """
    Lets callers in, and remembers the tickets it handed out.
    """

    def __init__(self) -> None:
        self._tickets: dict[str, Ticket] = {}

    def issue(self, world: SiteWorld, user: User) -> Ticket:
        """
        Hand out a ticket. Raises Refusal where the site makes none.
        """
        if not world.quirks.tickets:
            raise Refusal("030048", details=("AS0001",))
        ticket = Ticket(secrets.token_urlsafe(32), user.user_id, world.now(), world.quirks.ticket_seconds)
        self._tickets[ticket.text] = ticket
        return ticket

    def revoke(self, text: str) -> None:
        """
        Forget a ticket.
        """
        self._tickets.pop(text, None)

    def clear(self) -> None:
        """
        Forget all tickets.
        """
        self._tickets.clear()

    def caller(self, world: SiteWorld, message: Message) -> User:
        """
        Return who asks. Raises Refusal for anybody who is not let in; a wrong password counts towards the lock.
        """
        context = message.context
        require_site(world, context)
        if text := context.value("sessionTicket"):
            return self._by_ticket(world, text, message.operation)
        if token := context.value("webExAccessToken"):
            return by_access_token(world, token)
        named, email = context.value("webExID"), context.value("email")
        user = world.user(named) if named else world.user_at(email)
        if user is None:
            raise Refusal("030001")
        return _by_password(world, user, context.value("password"))

    def _by_ticket(self, world: SiteWorld, text: str, operation: str) -> User:
        ticket = self._tickets.get(text)
        if ticket is None:
            raise Refusal("030047")
        if world.now() >= ticket.created + ticket.seconds * 1000:
            raise Refusal("030046")
        if operation in world.quirks.password_only:
            raise Refusal("030104")
        user = world.numbered(ticket.user_id)
        _require_usable(world, user)
        return user


def require_site(world: SiteWorld, context: Node) -> None:
    """
    Raise Refusal when a name or number in the context is not this site's. None at all is refused as well.
    """
    facts = world.facts
    told = {name: context.value(name) for name in ("siteName", "siteID", "partnerID")}
    right = {"siteName": facts.name, "siteID": str(facts.site_id), "partnerID": facts.partner_id}
    wrong = [name for name, value in told.items() if value and value.lower() != right[name].lower()]
    if wrong or not (told["siteName"] or told["siteID"]):
        raise Refusal(world.quirks.wrong_site_code, f"The site is not found by {', '.join(wrong) or 'nothing'}.")


def by_access_token(world: SiteWorld, token: str) -> User:
    """
    Return whom an access token of Webex stands for. Raises Refusal for an unknown one.
    """
    user = world.user(world.access_tokens.get(token, ""))
    if user is None:
        raise Refusal("030002", "WebEx access token is invalid")
    _require_usable(world, user)
    return user


def _by_password(world: SiteWorld, user: User, password: str) -> User:
    if world.quirks.single_sign_on:
        raise Refusal(_SSO)
    if user.locked:
        raise Refusal("030030")
    if not user.has_password(password):
        failures = user.failures + 1
        world.note(replace(user, failures=failures, locked=0 < world.quirks.lock_after <= failures))
        raise Refusal("030002")
    _require_usable(world, user)
    if user.must_change:
        raise Refusal("030029")
    left = passwords.days_left(world, user)
    if left is not None and left < 0:
        raise Refusal("030031")
    if user.failures:
        user = replace(user, failures=0)
        world.note(user)
    return user


def _require_usable(world: SiteWorld, user: User) -> None:
    if user.locked:
        raise Refusal("030030")
    if not user.is_active:
        raise Refusal("030008")
    ends = moment_in(user.field("expirationDate"))
    if ends is not None and ends <= world.now():
        raise Refusal("030007")


def moment_in(text: str, minutes: int = 0) -> int | None:
    """
    Read `MM/DD/YYYY HH:MM:SS` in a zone so many minutes ahead of Greenwich; None for what is no such time.
    """
    try:
        moment = datetime.strptime(text, "%m/%d/%Y %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp() * 1000) - minutes * 60_000


def require_admin(caller: User, *, writes: bool) -> None:
    """
    Raise Refusal for who is no site administrator; one who may only look is let in to read.
    """
    if not caller.may("siteAdmin") and (writes or not caller.may("roSiteAdmin")):
        raise Refusal("000001")
