"""
Policies whose expressions are compiled: for many people at once, which of them hold.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from webex_connector.expressions.compiled import Compiled
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.values import Expression, Failure, Field, Kind, Shape, Subject, values_of
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.schema import AttributeType, ObjectClassInfo
from webex_connector.policy.provisioning import Policy, Verdict

_KINDS: Final[Mapping[AttributeType, Kind]] = {
    AttributeType.INTEGER: Kind.INTEGER,
    AttributeType.NUMBER: Kind.NUMBER,
    AttributeType.BOOLEAN: Kind.TRUTH,
    AttributeType.BYTES: Kind.BYTES,
    AttributeType.MAP: Kind.MAP,
}


def shape_of(info: ObjectClassInfo) -> Shape:
    """
    Return the shape that objects of a class have for expressions, without what is secret.
    """
    return Shape(
        {
            fact.name: Field(_KINDS.get(fact.type, Kind.TEXT), fact.many)
            for fact in info.attributes
            if fact.readable and fact.type is not AttributeType.SECRET
        }
    )


class Rules:
    """
    The policies of a system.
    """

    def __init__(self, policies: Sequence[Policy], compiled: Compiled) -> None:
        self.policies = tuple(policies)
        self._compiled = compiled
        self._names = [name for policy in policies for name in _expressions(policy)]

    @classmethod
    async def of(cls, policies: Sequence[Policy], shape: Shape, expressions: Expressions) -> "Rules":
        """
        Compile the policies. Raises ExpressionsInvalid with everything that is wrong with their expressions.
        """
        named = {name: each for policy in policies for name, each in _expressions(policy).items()}
        return cls(policies, await expressions.compile(named, shape))

    async def judged(self, people: Sequence[tuple[str, Attributes]], now: datetime) -> list[tuple[Verdict, ...]]:
        """
        Return, for each person by key and attributes, a verdict on each policy, in order.
        """
        subjects = [Subject(key, attributes) for key, attributes in people]
        found = await self._compiled.evaluate(self._names, subjects, now)
        return [tuple(_verdict(policy, given) for policy in self.policies) for given in found]

    def looked_at(self, policies: Sequence[Policy]) -> frozenset[str] | None:
        """
        Return the attributes by which it is decided what these policies give; None when any may be.
        """
        names = [name for policy in policies for name in _expressions(policy)]
        parts = [self._compiled.looks(name).of("source") for name in names]
        known = [part for part in parts if part is not None]
        return None if len(known) < len(parts) else frozenset().union(*known)


def _expressions(policy: Policy) -> dict[str, Expression]:
    """
    Return a policy's expressions, each by where it stands in the settings.
    """
    found = {"when": policy.when, "extension": policy.extension, "phone": policy.phone}
    return {_name(policy, part): each for part, each in found.items() if each is not None}


def _name(policy: Policy, part: str) -> str:
    return f"policies.{policy.name}.{part}"


def _verdict(policy: Policy, given: Mapping[str, object]) -> Verdict:
    holds = given.get(_name(policy, "when"), True)
    if isinstance(holds, Failure):
        return Verdict(holds=False, problem=holds.raised)
    extension, phone = (given.get(_name(policy, part)) for part in ("extension", "phone"))
    failed = [each.raised for each in (extension, phone) if isinstance(each, Failure) and holds]
    return Verdict(bool(holds), _text(extension), _text(phone), "; ".join(failed) or None)


def _text(value: object) -> str | None:
    given = () if isinstance(value, Failure) else values_of(value)
    return str(given[0]) if given else None
