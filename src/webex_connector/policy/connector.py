"""
A connector with provisioning policies, in front of another one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeGuard

from webex_connector.base.clock import Clock
from webex_connector.icf import names
from webex_connector.icf.objects import Finding, TestReport, Verdict
from webex_connector.icf.operations import (
    CanAnswer,
    CanApplyMany,
    CanAuthenticate,
    CanCreate,
    CanDelete,
    CanDiscover,
    CanGet,
    CanRunScript,
    CanSearch,
    CanSync,
    CanTest,
    CanUpdate,
    Connector,
    Handler,
)
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.policy.granting import Granting
from webex_connector.policy.judging import Rules
from webex_connector.policy.named import CLASSES, LOCATIONS, Directory, Unresolved
from webex_connector.policy.people import People, Writable
from webex_connector.policy.provisioning import What
from webex_connector.policy.retiring import Retirements
from webex_connector.policy.teams import Teams

_AS_THEY_ARE: Mapping[type, tuple[str, ...]] = {
    CanDelete: ("delete",),
    CanGet: ("get",),
    CanSearch: ("translate", "search"),
    CanAnswer: ("held", "answered"),
    CanSync: ("sync", "latest_token"),
    CanAuthenticate: ("authenticate",),
}
"""
Abilities that policies have no say in, by their methods.
"""

_OF_THE_WHOLE: Mapping[type, str] = {CanRunScript: "run_script", CanDiscover: "discover"}


class WithPolicies:
    """
    The same object classes and abilities as the connector behind it; people get what the policies give.
    """

    def __init__(
        self,
        connector: Connector,
        rules: Rules,
        clock: Clock,
        by_template: tuple[str, ...] = (),
        retirements: Retirements | None = None,
    ) -> None:
        self._connector, self._rules, self._by_template = connector, rules, by_template
        behind = connector.handlers
        self._directory = Directory(behind, clock)
        people = behind[names.ACCOUNT]
        if not _is_writable(people):
            raise TypeError(f"{people.info.name} has policies, but cannot be read, made and changed")
        granting = Granting(people.info, self._directory, rules.policies, by_template)
        accounts = Accounts(people, People(people, rules, granting, Teams(behind), clock, retirements))
        self.handlers: Mapping[str, Handler] = {**behind, names.ACCOUNT: accounts}
        for ability, method in _OF_THE_WHOLE.items():
            if isinstance(connector, ability):
                setattr(self, method, getattr(connector, method))
        if isinstance(connector, CanTest):
            self._tested = connector
            self.test = self._test

    async def aclose(self) -> None:
        """
        Release the connector.
        """
        await self._connector.aclose()

    async def _test(self, options: OperationOptions) -> TestReport:
        """
        Test the connector, and look up everything that the policies name.
        """
        report = await self._tested.test(options)
        if not report.ok:
            return report
        findings = [
            await self._finding(policy.name, object_class, name, options)
            for policy in self._rules.policies
            for object_class, name in [
                *((CLASSES[what], name) for what in What for name in policy.named(what)),
                *((LOCATIONS, each) for each in (policy.location,) if each is not None),
            ]
        ]
        templates = [
            await self._finding("templates", CLASSES[What.LICENSE], each, options) for each in self._by_template
        ]
        return replace(report, findings=(*report.findings, *findings, *templates))

    async def _finding(self, policy: str, object_class: str, name: str, options: OperationOptions) -> Finding:
        subject = f"policy {policy}: {name}"
        try:
            found = await self._directory.find(object_class, name, options)
        except Unresolved as problem:
            remedy = "Nobody gets it until the policy names something that is there."
            return Finding(subject, Verdict.WARNING, str(problem), remedy=remedy, needed=False)
        if found.free is not None and found.free <= 0:
            remedy = "Buy more, or take it from somebody: people are made without it meanwhile."
            return Finding(subject, Verdict.WARNING, "no unit of it is left", remedy=remedy, needed=False)
        units = "" if found.free is None else f"; {found.free} left"
        return Finding(subject, detail=f"{found.uid}{units}", needed=False)


class Accounts:
    """
    The handler of `__ACCOUNT__`: what it can is what the one behind it can.
    """

    def __init__(self, inner: Writable, people: People) -> None:
        self.info: ObjectClassInfo = inner.info
        self.create, self.update = people.create, people.update
        if isinstance(inner, CanApplyMany):
            self.apply_many = people.apply_many
        for ability, methods in _AS_THEY_ARE.items():
            if isinstance(inner, ability):
                for method in methods:
                    setattr(self, method, getattr(inner, method))


def _is_writable(handler: Handler) -> TypeGuard[Writable]:
    return all(isinstance(handler, ability) for ability in (CanCreate, CanUpdate, CanGet))
