"""
A mapping as the settings define it: which source becomes right in which target, and how.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webex_connector.expressions.values import Expression
from webex_connector.icf.attributes import Values
from webex_connector.sync.decide.situation import DEFAULTS, Action, Profile, Situation

DEFAULT_QUALIFIER = "default"
"""
The link qualifier of mappings that name none.
"""


@dataclass(frozen=True, slots=True)
class PropertyMapping:
    """
    How one attribute of the target comes about: from an attribute of the source, from an expression, or as a constant;
    then the default, where that gave nothing. Without a value the target's attribute is cleared.
    """

    target: str
    source: str | None = None
    expression: Expression | None = None
    constant: Values | None = None
    default: Values = ()
    condition: Expression | None = None
    """
    Where it is false, the target's attribute is left alone.
    """
    on_create_only: bool = False
    """
    Set when the target is made and left alone afterwards.
    """
    reference: bool = False
    """
    The values are keys of records of the same source; the target gets the uids of what these are linked to.
    """
    through: str | None = None
    """
    The values are keys of records of another mapping, this one; the target gets the uids of what its links lead to.
    """


@dataclass(frozen=True, slots=True)
class CorrelationRule:
    """
    Target attributes that must equal what the mapping gives them, all of them, without regard to case. Rules are tried
    in order; the first that finds a target decides.
    """

    attributes: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    """
    More attributes of the target in which the first one's value may be found.
    """
    link_qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class SituationPolicy:
    """
    What is done in a situation, if the condition holds.
    """

    situation: Situation
    action: Action
    condition: Expression | None = None
    after_days: int | None = None
    """
    With DELETE: disable now, delete so many days later.
    """


@dataclass(frozen=True, slots=True)
class SyncMapping:
    """
    One mapping.
    """

    name: str
    source: str
    """
    The name of a source, or `system/NAME/OBJECT_CLASS`.
    """
    system: str
    object_class: str
    properties: tuple[PropertyMapping, ...]
    correlation: tuple[CorrelationRule, ...] = ()
    valid_source: Expression | None = None
    valid_target: Expression | None = None
    policies: tuple[SituationPolicy, ...] = ()
    profile: Profile = Profile.SAFE
    link_qualifiers: tuple[str, ...] = (DEFAULT_QUALIFIER,)
    links: str | None = None
    """
    The mapping whose links this one shares.
    """
    links_turned: bool = False
    """
    That mapping goes in the other direction: its records are this one's objects.
    """
    enabled: bool = True
    target_phase: bool = True
    """
    Whether targets without a source are looked at.
    """
    allow_empty_source: bool = False
    source_keys_case_sensitive: bool = True
    actions: Mapping[Situation, Action] = field(default_factory=dict)
    """
    Actions without condition, over the profile's.
    """
    only: frozenset[str] | None = None
    """
    The keys of the records that anything is done about; None for all of them.
    """
    companions: frozenset[str] = frozenset()
    """
    Licences that come along with others, and that it never takes.
    """
    place: str = ""
    """
    File and line of its beginning.
    """

    @property
    def link_type(self) -> str:
        """
        The name under which its links are kept.
        """
        return self.links or self.name

    def default_action(self, situation: Situation) -> Action:
        """
        Return what is done where no policy's condition holds.
        """
        return self.actions.get(situation, DEFAULTS[self.profile][situation])
