"""
How the door behaves for a system, and how settings say so. Pure.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from webex_connector.gateway.scim.dialects import Dialect, Groups


class LastMember(Enum):
    """
    What a change does that takes the last member out of a team, which Webex deletes with its last member.
    """

    REFUSE = "refuse"
    """
    Nothing: a change must not delete a resource.
    """
    DELETE = "delete"
    """
    It deletes the team, as a DELETE does.
    """


@dataclass(frozen=True, slots=True)
class Manner:
    """
    How the door behaves for one system.
    """

    dialect: Dialect = Dialect.STANDARD
    groups: Groups = Groups.GROUPS
    profiles: str | None = None
    """
    Another name and endpoint for the resource type of licences.
    """
    adopt: bool = False
    """
    Whether somebody who exists is taken over when a client makes them, instead of being reported as a conflict.
    """
    strict_create: bool = False
    """
    Whether what was made in part only is deleted again and refused. Never together with `adopt`: what was there before
    cannot be taken back.
    """
    duplicate_names: bool = False
    """
    Whether two groups or two teams may have one name.
    """
    change_user_name: bool = True
    """
    Whether clients may change the address that somebody signs in with.
    """
    last_member: LastMember = LastMember.REFUSE
    offset: timedelta = timedelta(0)
    """
    What is added to `meta.created` and `meta.lastModified`, as One Identity's "Instance DateTime Offset" does.
    """
    patience: float = 25.0
    """
    How many seconds a request may take before it is asked to come back. Okta hangs up after 60.
    """


USUAL: Final = Manner()
"""
A system that nothing is said about.
"""

_CLOCK: Final = re.compile(r"([+-])(\d\d):(\d\d)")
_MINUTES: Final = re.compile(r"[+-]?\d{1,4}")
_MOST: Final = timedelta(days=1)


def offset_of(text: str) -> timedelta:
    """
    Return an offset that is written as `+02:00` or in minutes. Raises ValueError, also for a day or more.
    """
    clock = _CLOCK.fullmatch(text.strip())
    if clock is not None:
        minutes = int(clock[2]) * 60 + int(clock[3])
        found = timedelta(minutes=-minutes if clock[1] == "-" else minutes)
    elif _MINUTES.fullmatch(text.strip()):
        found = timedelta(minutes=int(text))
    else:
        raise ValueError(f"must be as +02:00 or a number of minutes, not {text}")
    if abs(found) >= _MOST:
        raise ValueError(f"must be less than a day, not {text}")
    return found
