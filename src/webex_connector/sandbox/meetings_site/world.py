"""
The world of a classic site: its users and what it sells; rules stand elsewhere.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

import msgspec

from webex_connector.base.clock import Clock
from webex_connector.sandbox.meetings_site.quirks import SiteQuirks
from webex_connector.sandbox.meetings_site.records import SessionType, SiteFacts, User


class Mail(msgspec.Struct, frozen=True):
    """
    A message the site would have sent.
    """

    to: str
    about: str
    """`welcome` or `password-reset`."""
    password: str = ""


class SiteWorld:
    """
    Users by number, WebEx ID and address; the last two without regard to case.
    """

    def __init__(self, facts: SiteFacts, clock: Clock, quirks: SiteQuirks) -> None:
        self.facts = facts
        self.quirks = quirks
        self.mails: list[Mail] = []
        """Everything that was sent, oldest first."""
        self.foreign_addresses: set[str] = set()
        """Addresses that other organisations own; only where Control Hub manages the site."""
        self.access_tokens: dict[str, str] = {}
        """The WebEx ID behind each access token of Webex."""
        self.writes = 0
        """Changes that were made."""
        self.hosts = 0
        """Active users who may host."""
        self.session_users: Counter[int] = Counter()
        """How many users have each session type."""
        self._clock = clock
        self._users: dict[int, User] = {}
        self._by_id: dict[str, int] = {}
        self._by_email: dict[str, int] = {}
        self._numbers = count(514_000_001)

    @property
    def session_types(self) -> Mapping[int, SessionType]:
        """
        The session types by number.
        """
        return {each.number: each for each in self.facts.session_types}

    @property
    def user_count(self) -> int:
        """
        How many users there are, deactivated ones too.
        """
        return len(self._users)

    def now(self) -> int:
        """
        Return the time in milliseconds since 1970.
        """
        return int(self._clock.now().timestamp() * 1000)

    def users(self) -> Iterator[User]:
        """
        Yield all users in the order they were registered.
        """
        return iter(self._users.values())

    def numbered(self, user_id: int) -> User:
        """
        Return the user with that number. Raises KeyError when there is none.
        """
        return self._users[user_id]

    def user(self, web_ex_id: str) -> User | None:
        """
        Return the user with that WebEx ID.
        """
        number = self._by_id.get(web_ex_id.lower())
        return None if number is None else self._users[number]

    def user_at(self, email: str) -> User | None:
        """
        Return the user with that address.
        """
        number = self._by_email.get(email.lower())
        return None if number is None else self._users[number]

    def next_number(self) -> int:
        """
        Return a number no user had yet.
        """
        return next(self._numbers)

    def put(self, user: User) -> None:
        """
        Add a user or put a changed one in the old one's place, and count a change.
        """
        before = self._users.get(user.user_id)
        if before is not None:
            self._forget(before)
        self._users[user.user_id] = user
        self._by_id[user.web_ex_id.lower()] = self._by_email[user.email.lower()] = user.user_id
        self.hosts += user.is_host
        self.session_users.update(user.meeting_types)
        self.writes += 1

    def note(self, user: User) -> None:
        """
        Put a user in the old one's place whose log-ins changed and nothing else; no change is counted.
        """
        self._users[user.user_id] = user

    def fill(self, users: Iterable[User]) -> None:
        """
        Put users in, and count none of it.
        """
        for user in users:
            self.put(user)
        self.writes = 0

    def _forget(self, user: User) -> None:
        del self._by_id[user.web_ex_id.lower()], self._by_email[user.email.lower()]
        self.hosts -= user.is_host
        self.session_users.subtract(user.meeting_types)
