"""
What a SCIM search may ask, and whom it finds.

The table is that of https://developer.webex.com/docs/api/v1/scim2-user/search-users.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from webex_connector.sandbox import urns
from webex_connector.sandbox.problems import bad_request, invalid_filter
from webex_connector.sandbox.profile import PLAIN
from webex_connector.sandbox.quirks import ScimFilters
from webex_connector.sandbox.records import Group, Person
from webex_connector.sandbox.rules.scim_filter import (
    AllOf,
    AnyOf,
    Comparison,
    Element,
    Filter,
    Literal,
    Negation,
    Operator,
    fits,
    holds,
    parse,
)
from webex_connector.sandbox.searches import Order, sort_key
from webex_connector.sandbox.world import World

Values = Callable[[World, Person], Iterable[Literal]]


@dataclass(frozen=True, slots=True)
class _Column:
    operators: frozenset[Operator]
    values: Values


_EQ = frozenset({Operator.EQ})
_EQ_SW = _EQ | {Operator.SW}
_EQ_SW_EW = _EQ_SW | {Operator.EW}
_ANY = frozenset(Operator)


def _moment(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec='milliseconds')[:23]}Z"


def _manager(world: World, person: Person) -> Iterable[Literal]:
    manager = world.person(person.manager_uuid)
    return (manager.display_name,) if manager else ()


_PUBLISHED = {
    "id": _Column(_EQ, lambda _, person: (person.uuid,)),
    "username": _Column(_EQ_SW_EW, lambda _, person: (person.email,)),
    "displayname": _Column(_EQ_SW_EW, lambda _, person: (person.display_name,)),
    "nickname": _Column(_EQ_SW_EW, lambda _, person: (person.nick_name,)),
    "name.familyname": _Column(_EQ_SW_EW, lambda _, person: (person.last_name,)),
    "name.givenname": _Column(_EQ_SW, lambda _, person: (person.first_name,)),
    "name.middlename": _Column(_EQ_SW, lambda _, person: ((person.more or PLAIN).middle_name,)),
    "name.formatted": _Column(_EQ_SW, lambda _, person: ((person.more or PLAIN).formatted_name,)),
    "emails.value": _Column(
        _EQ_SW_EW, lambda _, person: (person.email, *(entry.value for entry in (person.more or PLAIN).emails))
    ),
    "emails.display": _Column(
        _EQ_SW_EW, lambda _, person: tuple(entry.display for entry in (person.more or PLAIN).emails)
    ),
    "employeenumber": _Column(_EQ_SW_EW, lambda _, person: ((person.more or PLAIN).employee_number,)),
    "costcenter": _Column(_EQ_SW_EW, lambda _, person: ((person.more or PLAIN).cost_center,)),
    "organization": _Column(_EQ_SW_EW, lambda _, person: ((person.more or PLAIN).organization,)),
    "division": _Column(_EQ_SW_EW, lambda _, person: ((person.more or PLAIN).division,)),
    "department": _Column(_EQ_SW_EW, lambda _, person: (person.department,)),
    "manager.value": _Column(_EQ, lambda _, person: (person.manager_uuid,)),
    "manager.displayname": _Column(_EQ_SW_EW, _manager),
    "meta.organizationid": _Column(_EQ, lambda world, _: (world.organization.uuid,)),
}

_FURTHER = {
    "active": _Column(_ANY, lambda _, person: (person.active,)),
    "externalid": _Column(_ANY, lambda _, person: ((person.more or PLAIN).external_id,)),
    "usertype": _Column(_ANY, lambda _, person: ((person.more or PLAIN).user_type,)),
    "title": _Column(_ANY, lambda _, person: (person.title,)),
    "phonenumbers.value": _Column(_ANY, lambda _, person: tuple(phone.value for phone in person.phones)),
    "meta.created": _Column(_ANY, lambda _, person: (_moment(person.created),)),
    "meta.lastmodified": _Column(_ANY, lambda _, person: (_moment(person.last_modified),)),
}

_ALL = _PUBLISHED | _FURTHER

_PHONE_PARTS = frozenset({"type", "value"})


def people(world: World, text: str, order: Order) -> Sequence[str]:
    """
    Return the UUIDs of the people that a filter finds, in that order; for an empty one all, at no cost.

    Raises a 400 `invalidFilter` for what Webex cannot search by.
    """
    if not text.strip():
        return world.found_line(order)
    sought = parse(text)
    if not world.quirks.scim_filter_nesting:
        _require_flat(sought)
    _require_known(sought, _columns(world))
    some = _candidates(world, sought)
    walk: Iterable[Person] = (person for _, person in world.found()) if some is None else some.values()
    found = [person for person in walk if _is_true(world, sought, person)]
    return [person.uuid for person in sorted(found, key=sort_key(order))]


def groups(world: World, text: str) -> list[Group]:
    """
    Return the groups that a filter finds, all for an empty one. Raises a 400 `invalidFilter` for other attributes.
    """
    if not text.strip():
        return list(world.groups.values())
    sought = parse(text)
    return [group for group in world.groups.values() if _is_true_of_group(sought, group)]


def order_by(name: str) -> Order:
    """
    Return the order with that name; by identifier for none. Raises a 400 for what cannot be sorted by.
    """
    if not name:
        return Order.ID
    found = next((order for order in Order if order.value.lower() == name.lower()), None)
    if found is None:
        raise bad_request(f"Unsupported sortBy: {name}")
    return found


def _columns(world: World) -> dict[str, _Column]:
    if world.quirks.scim_filters is ScimFilters.PUBLISHED:
        return _PUBLISHED
    return {name: _Column(_ANY, column.values) for name, column in _ALL.items()}


def _require_known(sought: Filter, columns: dict[str, _Column]) -> None:
    match sought:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                _require_known(part, columns)
        case Negation(part=part):
            if columns is _PUBLISHED:
                raise invalid_filter("The operator 'not' is not supported.")
            _require_known(part, columns)
        case Comparison(path=path, operator=operator):
            column = columns.get(_short(path))
            if column is None:
                # The sentence was seen for `phoneNumbers.value`, which Cisco's table lists all the same.
                raise invalid_filter(
                    f"The user's attribute {path} in request can not find correspond table name.",
                )
            if operator not in column.operators:
                raise invalid_filter(f"The operator {operator.value} is not supported for the attribute {path}.")
        case Element(path=path, inner=inner):
            if path.lower() != "phonenumbers" or not all(_is_phone_part(part) for part in _flat(inner)):
                raise invalid_filter(f"The attribute {path} cannot be searched by its parts.")


def _is_phone_part(part: Filter) -> bool:
    return isinstance(part, Comparison) and part.path.lower() in _PHONE_PARTS and part.operator is Operator.EQ


def _flat(sought: Filter) -> Iterator[Filter]:
    if isinstance(sought, AllOf):
        yield from sought.parts
    else:
        yield sought


def _require_flat(sought: Filter) -> None:
    if isinstance(sought, AllOf | AnyOf) and any(isinstance(part, AllOf | AnyOf) for part in sought.parts):
        raise invalid_filter("Nested filters are not supported.")


def _is_true(world: World, sought: Filter, person: Person) -> bool:
    match sought:
        case AllOf(parts=parts):
            return all(_is_true(world, part, person) for part in parts)
        case AnyOf(parts=parts):
            return any(_is_true(world, part, person) for part in parts)
        case Negation(part=part):
            return not _is_true(world, part, person)
        case Comparison(path=path):
            values = _ALL[_short(path)].values(world, person)
            return holds(sought, tuple(value for value in values if value != ""))
        case Element(inner=inner):
            return any(fits(inner, {"type": phone.type, "value": phone.value}) for phone in person.phones)


def _is_true_of_group(sought: Filter, group: Group) -> bool:
    match sought:
        case AllOf(parts=parts):
            return all(_is_true_of_group(part, group) for part in parts)
        case AnyOf(parts=parts):
            return any(_is_true_of_group(part, group) for part in parts)
        case Comparison(path=path) if _short(path) == "displayname":
            return holds(sought, (group.display_name,))
        case Comparison(path=path) if _short(path) == "id":
            return holds(sought, (group.uuid,))
        case _:
            raise invalid_filter("Groups can be searched by displayName and id alone.")


def _candidates(world: World, sought: Filter) -> dict[str, Person] | None:
    """
    Return the only people a filter can be true for, or None when everybody must be looked at.
    """
    match sought:
        case Comparison(path=path, operator=Operator.EQ, value=str(value)) if _short(path) == "id":
            person = world.found_person(value.lower())
        case Comparison(path=path, operator=Operator.EQ, value=str(value)) if _short(path) == "username":
            person = world.found_at(value)
        case AnyOf(parts=parts):
            union: dict[str, Person] = {}
            for part in parts:
                some = _candidates(world, part)
                if some is None:
                    return None
                union |= some
            return union
        case AllOf(parts=parts):
            return next((some for part in parts if (some := _candidates(world, part)) is not None), None)
        case _:
            return None
    return {person.uuid: person} if person else {}


def _short(path: str) -> str:
    # Cisco's table names the enterprise attributes without their schema; samples of other filters have it.
    return urns.split(path)[1].lower()
