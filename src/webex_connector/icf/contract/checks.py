"""
All contract checks, and which of them concern an object class.

A check is an asynchronous function of a Subject that raises AssertionError with a sentence.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from webex_connector.icf.contract import changing, creating, following, paging, refusing, searching
from webex_connector.icf.contract.subject import Subject
from webex_connector.icf.schema import Operation

_READING = frozenset({Operation.GET, Operation.SEARCH})
_MAKING = _READING | {Operation.CREATE, Operation.DELETE}
_CHANGING = _MAKING | {Operation.UPDATE}
_FOLLOWING = frozenset({Operation.SYNC})


@dataclass(frozen=True, slots=True)
class Check:
    """
    One promise, and the operations that an object class must have for it to mean something.
    """

    name: str
    run: Callable[[Subject], Awaitable[None]]
    needs: frozenset[Operation]


def _named(needs: frozenset[Operation], *runs: Callable[[Subject], Awaitable[None]]) -> tuple[Check, ...]:
    return tuple(Check(run.__name__.replace("_", " "), run, needs) for run in runs)


CHECKS: tuple[Check, ...] = (
    *_named(
        _MAKING,
        creating.a_created_object_is_read_back,
        creating.a_create_shows_the_object_it_made,
        creating.a_create_refuses_a_uid,
        creating.a_create_refuses_an_attribute_given_twice,
        creating.a_create_refuses_an_unknown_attribute,
        creating.a_create_refuses_a_missing_required_attribute,
        creating.a_create_refuses_a_read_only_attribute,
        creating.a_name_belongs_to_one_object,
        changing.a_deleted_object_is_gone,
        changing.a_second_delete_is_told,
        searching.a_new_object_is_listed,
        searching.a_get_of_nobody_is_told,
        refusing.a_dry_run_changes_nothing,
        refusing.a_dry_run_says_so,
    ),
    *_named(
        _CHANGING,
        changing.an_update_does_what_it_says,
        changing.an_update_leaves_the_rest_alone,
        changing.an_update_clears,
        changing.an_update_removes_what_is_there,
        changing.an_update_adds_and_removes,
        changing.an_update_of_nobody_is_told,
        changing.an_update_refuses_an_unknown_attribute,
        changing.an_update_refuses_an_attribute_changed_twice,
        changing.an_update_refuses_a_read_only_attribute,
    ),
    *_named(
        _READING,
        searching.a_search_lists_each_object_once,
        searching.a_get_and_a_search_agree,
        searching.an_object_is_found_by_its_uid,
        searching.an_object_is_found_by_its_name,
        searching.filters_mean_what_they_say,
        searching.only_the_attributes_asked_for_come,
        searching.shy_attributes_come_only_when_asked_for,
        searching.the_defaults_come_unasked,
        searching.the_defaults_come_beside_those_asked_for,
        searching.a_search_refuses_unknown_attributes,
        paging.pages_bring_everything_once,
        paging.pages_keep_the_order,
        paging.an_offset_skips,
        paging.a_sort_orders_everything,
        paging.a_sort_refuses_an_unknown_attribute,
        paging.an_exact_total_is_exact,
        paging.an_estimated_total_is_true_or_absent,
        paging.a_cookie_serves_its_own_query,
    ),
    *_named(
        _FOLLOWING,
        following.the_token_of_now_tells_nothing,
        following.a_damaged_token_is_refused,
    ),
    *_named(
        _FOLLOWING | _READING,
        following.a_sync_without_a_token_tells_everything,
        following.the_last_token_tells_nothing,
    ),
    *_named(
        _FOLLOWING | _MAKING,
        following.a_new_object_is_told_until_acknowledged,
        following.a_deletion_is_told_until_acknowledged,
        following.a_consumer_may_stop_anywhere,
    ),
    *_named(
        _FOLLOWING | _CHANGING,
        following.an_update_is_told_until_acknowledged,
    ),
    *_named(
        frozenset(),
        refusing.operations_it_lacks_are_refused,
        refusing.an_unknown_object_class_is_refused,
        refusing.an_object_class_answers_in_any_case,
    ),
)
"""
Every check, in the order of an object's life.
"""


def concerning(operations: frozenset[Operation]) -> tuple[Check, ...]:
    """
    Return the checks of an object class with these operations.
    """
    return tuple(check for check in CHECKS if check.needs <= operations)
