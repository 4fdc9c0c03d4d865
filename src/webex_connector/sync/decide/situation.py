"""
The situation of a pair of source and target, and what is done in it: OpenIDM's thirteen situations
(https://backstage.forgerock.com/docs/idm/7.5/synchronization-guide/situations-actions.html), decided in the order in
which its engine decides them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Situation(Enum):
    """
    How a source and a target stand to each other. The source qualifies, unless said otherwise.
    """

    CONFIRMED = "CONFIRMED"
    """Linked to a target that is there."""

    FOUND = "FOUND"
    """Not linked; exactly one target corresponds, and it is linked to no one."""

    FOUND_ALREADY_LINKED = "FOUND_ALREADY_LINKED"
    """As FOUND, but the target is linked to another source."""

    ABSENT = "ABSENT"
    """Not linked, and no target corresponds."""

    AMBIGUOUS = "AMBIGUOUS"
    """Not linked, and several targets correspond."""

    MISSING = "MISSING"
    """Linked to a target that is gone."""

    UNQUALIFIED = "UNQUALIFIED"
    """The source does not qualify, but has targets, by link or by correlation."""

    SOURCE_IGNORED = "SOURCE_IGNORED"
    """The source does not qualify and has no target."""

    TARGET_IGNORED = "TARGET_IGNORED"
    """The target is none of those that count."""

    UNASSIGNED = "UNASSIGNED"
    """A target that counts and has no source."""

    SOURCE_MISSING = "SOURCE_MISSING"
    """A target that counts, whose linked source is gone."""

    LINK_ONLY = "LINK_ONLY"
    """A link whose both ends are gone."""

    ALL_GONE = "ALL_GONE"
    """A source that is gone and has no target either."""


class Action(Enum):
    """
    What is done about a situation.
    """

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    """Change the target where it differs, and link it if it is not linked."""
    DISABLE = "DISABLE"
    """Ours: the target may not log in any more, and stays linked. Webex deletes it after 30 days."""
    DELETE = "DELETE"
    """Remove the target and the link; a target that is gone already is no error."""
    LINK = "LINK"
    UNLINK = "UNLINK"
    EXCEPTION = "EXCEPTION"
    """Nothing is done; the record counts as failed."""
    IGNORE = "IGNORE"
    REPORT = "REPORT"
    """Nothing is done; the record is told."""
    NOREPORT = "NOREPORT"
    ASYNC = "ASYNC"
    """Nothing is done here: something else takes care of it."""


class Profile(Enum):
    """
    Which actions are taken where a mapping names none.
    """

    SAFE = "safe"
    """Nothing destructive by itself: leavers are told, not touched."""

    UPSTREAM = "upstream"
    """OpenIDM's own."""


_UPSTREAM: Mapping[Situation, Action] = {
    Situation.CONFIRMED: Action.UPDATE,
    Situation.FOUND: Action.UPDATE,
    Situation.FOUND_ALREADY_LINKED: Action.EXCEPTION,
    Situation.ABSENT: Action.CREATE,
    Situation.AMBIGUOUS: Action.EXCEPTION,
    Situation.MISSING: Action.EXCEPTION,
    Situation.UNQUALIFIED: Action.DELETE,
    Situation.SOURCE_IGNORED: Action.REPORT,
    Situation.TARGET_IGNORED: Action.REPORT,
    Situation.UNASSIGNED: Action.EXCEPTION,
    Situation.SOURCE_MISSING: Action.EXCEPTION,
    Situation.LINK_ONLY: Action.EXCEPTION,
    Situation.ALL_GONE: Action.NOREPORT,
}

DEFAULTS: Mapping[Profile, Mapping[Situation, Action]] = {
    Profile.UPSTREAM: _UPSTREAM,
    Profile.SAFE: {
        **_UPSTREAM,
        Situation.UNQUALIFIED: Action.REPORT,
        Situation.SOURCE_MISSING: Action.REPORT,
        Situation.UNASSIGNED: Action.REPORT,
        Situation.TARGET_IGNORED: Action.IGNORE,
        Situation.SOURCE_IGNORED: Action.IGNORE,
        Situation.LINK_ONLY: Action.UNLINK,
    },
}
"""
What is done in each situation by each profile.
"""


@dataclass(frozen=True, slots=True)
class SourceSide:
    """
    What is known of a source that is there.
    """

    qualifies: bool
    is_linked: bool
    target_exists: bool = False
    """
    With a link: whether its target is there.
    """
    corresponding: int = 0
    """
    Without a link: how many targets correlate.
    """
    is_taken: bool = False
    """
    With exactly one that correlates: whether it is linked to another source.
    """


def of_source(side: SourceSide) -> Situation:
    """
    Return the situation of a source that is there.
    """
    if not side.qualifies:
        has_targets = side.is_linked or side.corresponding > 0
        return Situation.UNQUALIFIED if has_targets else Situation.SOURCE_IGNORED
    if side.is_linked:
        return Situation.CONFIRMED if side.target_exists else Situation.MISSING
    if side.corresponding == 0:
        return Situation.ABSENT
    if side.corresponding > 1:
        return Situation.AMBIGUOUS
    return Situation.FOUND_ALREADY_LINKED if side.is_taken else Situation.FOUND


@dataclass(frozen=True, slots=True)
class GoneSide:
    """
    What is known of a source that is gone; `was` tells of how it was before, None when nobody remembers.
    """

    is_linked: bool
    target_exists: bool = False
    target_is_valid: bool = True
    corresponding: int | None = None
    """
    Without a link: how many targets correlate with the source as it was; None when nobody remembers.
    """
    was_valid: bool = True


def of_gone(side: GoneSide) -> Situation:
    """
    Return the situation of a source that is gone, as live sync meets it.
    """
    if side.is_linked:
        if not side.target_exists:
            return Situation.LINK_ONLY
        return Situation.SOURCE_MISSING if side.target_is_valid else Situation.TARGET_IGNORED
    if not side.corresponding:
        return Situation.ALL_GONE
    if side.corresponding == 1:
        return Situation.UNASSIGNED if side.was_valid else Situation.TARGET_IGNORED
    return Situation.AMBIGUOUS if side.was_valid else Situation.UNQUALIFIED


@dataclass(frozen=True, slots=True)
class TargetSide:
    """
    What is known of a target that no source has led to.
    """

    is_valid: bool
    is_linked: bool
    source_exists: bool = False
    source_qualifies: bool = False


def of_target(side: TargetSide) -> Situation:
    """
    Return the situation of a target that no source has led to.
    """
    if not side.is_valid:
        return Situation.TARGET_IGNORED
    if not side.is_linked:
        return Situation.UNASSIGNED
    if not side.source_exists:
        return Situation.SOURCE_MISSING
    return Situation.CONFIRMED if side.source_qualifies else Situation.UNQUALIFIED
