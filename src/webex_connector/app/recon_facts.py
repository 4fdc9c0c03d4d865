"""
From runs, plans and items to reconciliations in the words of the REST door.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from webex_connector.app.recon_work import READ, TIMES, wish_of
from webex_connector.gateway.idm.recons import Did, Entry, MappingFacts, Reconciliation, Seen, Stage, State
from webex_connector.store.plans import ENDED, ItemState, KeptItem, KeptPlan, PlanState
from webex_connector.store.run_values import KeptRun, RunEvent, RunState
from webex_connector.sync.decide.definition import PropertyMapping, SituationPolicy, SyncMapping
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.item_text import item_of

Tally = Mapping[tuple[str, str, ItemState], int]

_BAD = frozenset({ItemState.REFUSED, ItemState.DEAD, ItemState.PARTIAL})
_OF_TARGETS = frozenset({Situation.UNASSIGNED, Situation.TARGET_IGNORED, Situation.SOURCE_MISSING, Situation.LINK_ONLY})
_DONE = frozenset({ItemState.DONE, ItemState.PARTIAL})
_STATES: Mapping[RunState, tuple[State, Stage]] = {
    RunState.WAITING: (State.ACTIVE, Stage.INITIALIZED),
    RunState.RUNNING: (State.ACTIVE, Stage.QUERYING),
    RunState.WAITING_FOR_APPROVAL: (State.ACTIVE, Stage.QUERYING),
    RunState.CANCELLED: (State.CANCELED, Stage.CANCELED),
    RunState.FAILED: (State.FAILED, Stage.FAILED),
    RunState.DONE: (State.SUCCESS, Stage.SUCCESS),
}
_BY_HAND: Mapping[PlanState, tuple[State, Stage]] = {
    PlanState.MAKING: (State.ACTIVE, Stage.QUERYING),
    PlanState.APPLYING: (State.ACTIVE, Stage.WRITING),
    PlanState.CANCELLED: (State.CANCELED, Stage.CANCELED),
}


def facts_of(mapping: SyncMapping) -> MappingFacts:
    """
    Return a mapping as callers see it.
    """
    return MappingFacts(
        mapping.name,
        mapping.source,
        mapping.system,
        mapping.object_class,
        mapping.enabled,
        mapping.link_type,
        tuple(_property(each) for each in mapping.properties),
        tuple(_policy(each) for each in mapping.policies)
        + tuple({"situation": each.value, "action": action.value} for each, action in mapping.actions.items()),
    )


def told_of(run: KeptRun | None, events: Sequence[RunEvent], plan: KeptPlan | None, tally: Tally) -> Reconciliation:
    """
    Return what there is to tell of a run, of a plan, or of a run with its plan. Raises ValueError without either.
    """
    summary: dict[str, Any] = msgspec.json.decode((plan.summary if plan is not None else None) or "{}")
    sources, targets = summary.get("sources"), summary.get("targets")
    state, stage = _standing(run, plan)
    is_whole = plan is not None and plan.state is not PlanState.APPLYING
    common: dict[str, Any] = {
        "state": state,
        "stage": stage,
        "target": Seen(targets or 0, targets),
        "did": _did(tally, summary.get("unchanged", 0), whole=is_whole),
        "situations": summary.get("situations", {}),
    }
    if run is not None:
        said = {each.kind: msgspec.json.decode(each.content, type=dict[str, Any]) for each in events}
        read = said.get(READ, {}).get("records", 0)
        wish = wish_of(msgspec.json.decode(run.arguments))
        return Reconciliation(
            id=run.id,
            mapping=wish.mapping,
            started=run.began or run.made,
            ended=run.ended,
            analysis=wish.analyze,
            source=Seen(read if sources is None else sources, sources),
            seconds=said.get(TIMES, {}),
            message=run.error,
            wish=wish,
            **common,
        )
    if plan is None:
        raise ValueError("there is neither a run nor a plan")
    return Reconciliation(
        id=plan.id,
        mapping=plan.mapping,
        started=plan.made,
        ended=None if state is State.ACTIVE else plan.changed,
        analysis=plan.approval is None,
        source=Seen(sources or 0, sources),
        **common,
    )


def entry_of(kept: KeptItem) -> Entry:
    """
    Return an item as an entry of a report.
    """
    item = item_of(kept.content)
    outcome: dict[str, Any] = msgspec.json.decode(kept.outcome or "{}")
    missed = [f"{each['attribute']}: {each['reason']}" for each in outcome.get("not_applied", ())]
    told = outcome.get("reason") or item.problem
    detail = "; ".join(missed) or (f"tracking id {outcome['tracking_id']}" if outcome.get("tracking_id") else None)
    return Entry(
        kept.number,
        item.situation.value,
        item.action.value,
        item.situation not in _OF_TARGETS,
        item.link_qualifier,
        item.source_key,
        outcome.get("uid") or item.target_uid,
        item.candidates,
        _failed(item.action.value, kept.state),
        outcome.get("error"),
        told or item.reason,
        detail,
    )


def _standing(run: KeptRun | None, plan: KeptPlan | None) -> tuple[State, Stage]:
    if run is None:
        found = PlanState.MAKING if plan is None else plan.state
        return _BY_HAND.get(found, (State.SUCCESS, Stage.SUCCESS))
    state, stage = _STATES[run.state]
    if state is not State.ACTIVE:
        return state, stage
    if run.cancelled_by is not None:
        return state, Stage.CANCELING
    if plan is not None and plan.state is PlanState.APPLYING:
        return state, Stage.WRITING
    return state, stage


def _did(tally: Tally, unchanged: int, *, whole: bool) -> Did:
    actions: Counter[str] = Counter()
    linked, failed, ended = 0, 0, 0
    for (situation, action, state), count in tally.items():
        failed += count if _failed(action, state) else 0
        ended += count if whole or state in ENDED else 0
        if state in _DONE:
            actions[action] += count
            linked += count if action in _LINKING and situation != Situation.CONFIRMED.value else 0
    return Did(
        created=actions[Action.CREATE.value],
        updated=actions[Action.UPDATE.value] + actions[Action.DISABLE.value],
        deleted=actions[Action.DELETE.value],
        unchanged=unchanged,
        linked=linked,
        succeeded=ended - failed + unchanged,
        failed=failed,
    )


def _failed(action: str, state: ItemState) -> bool:
    return action == Action.EXCEPTION.value or state in _BAD


def _property(each: PropertyMapping) -> Mapping[str, object]:
    found = {
        "target": each.target,
        "source": each.source,
        "transform": None if each.expression is None else {"type": "expression", "source": each.expression.text},
        "default": list(each.default or each.constant or ()) or None,
        "condition": None if each.condition is None else each.condition.text,
    }
    return {name: value for name, value in found.items() if value is not None}


def _policy(each: SituationPolicy) -> Mapping[str, object]:
    condition = {} if each.condition is None else {"condition": each.condition.text}
    return {"situation": each.situation.value, "action": each.action.value, **condition}


_LINKING = frozenset({Action.CREATE.value, Action.LINK.value, Action.UPDATE.value})
