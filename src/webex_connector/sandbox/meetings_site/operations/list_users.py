"""
LstsummaryUser and the deprecated LstUser: filters, order, dates, pages (REF "LstsummaryUser").
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Final
from xml.etree import ElementTree as ET

from webex_connector.sandbox.meetings_site.asking import Access, Asked, Operation, number_in
from webex_connector.sandbox.meetings_site.callers import moment_in
from webex_connector.sandbox.meetings_site.reading import NOTHING, Node
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.showing import shown, summary
from webex_connector.sandbox.meetings_site.time_zones import TIME_ZONES
from webex_connector.sandbox.meetings_site.world import SiteWorld
from webex_connector.sandbox.meetings_site.writing import Content, element

_FILTERS = ("firstName", "lastName", "email", "active", "webExId")
_DEFAULT_PAGE = 50
_MOST_ORDERS = 3
_PATHS: Final = {
    "WEBEXID": "webExId",
    "FIRSTNAME": "firstName",
    "LASTNAME": "lastName",
    "EMAIL": "email",
    "ACTIVE": "active",
    "REGEXPDATE": "expirationDate",
    "PERSONALURL": "personalUrl",
    "ADDRESS1": "address/address1",
    "ADDRESS2": "address/address2",
    "CITY": "address/city",
    "STATE": "address/state",
    "ZIPCODE": "address/zipCode",
    "COUNTRY": "address/country",
    "PHONE1": "phones/phone",
    "PHONE2": "phones/phone2",
    "MOBILE1": "phones/mobilePhone",
    "MOBILE2": "phones/mobilePhone2",
    "FAX": "phones/fax",
    "PAGER": "phones/pager",
    "EMAIL2": "email2",
    "DIVISION": "tracking/trackingCode1",
    "DEPARTMENT": "tracking/trackingCode2",
    "PROJECT": "tracking/trackingCode3",
    "OTHER": "tracking/trackingCode4",
    "OFFICENAME": "company",
    "OFFICETITLE": "title",
    "OFFICEURL": "officeurl",
}
_NUMBERS: Final[dict[str, Callable[[User], int]]] = {
    "UID": lambda user: user.user_id,
    "REGDATE": lambda user: user.registered,
    "VISITCOUNT": lambda user: user.visits,
    "TIMEZONE": lambda user: int(user.field("timeZoneID") or -1),
    "CATEGORYID": lambda user: int(user.field("categoryId")),
    "PRIVILEGE": lambda user: user.may("siteAdmin") * 2 + user.may("host"),
}


def list_summaries(asked: Asked) -> Content:
    """
    Answer with a page of users in short. Raises Refusal when there is nobody on it.
    """
    users, total, start = _page(asked.world, asked.content)
    listed = tuple(summary(asked.world, user) for user in users)
    return Content("lstsummaryUserResponse", (*listed, _records(total, len(users), start)))


def list_users(asked: Asked) -> Content:
    """
    Answer with a page of users in full. Raises Refusal when there is nobody on it.
    """
    users, total, start = _page(asked.world, asked.content)
    listed = tuple(element("use:user", *shown(asked.world, user)) for user in users)
    return Content("lstUserResponse", (*listed, _records(total, len(users), start)))


def _page(world: SiteWorld, content: Node) -> tuple[list[User], int, int]:
    control = content.child("listControl") or NOTHING
    start = max(1, number_in(world, control, "startFrom", default=1))
    size = min(number_in(world, control, "maximumNum", default=_DEFAULT_PAGE), world.quirks.list_cap)
    found = _found(world, content, any_of=control.value("listMethod").upper() == "OR")
    order = content.child("order") or NOTHING
    if found is None and _is_natural(order):
        total, users = world.user_count, list(islice(world.users(), start - 1, start - 1 + size))
    else:
        ordered = _ordered(world, list(world.users() if found is None else found), order)
        total, users = len(ordered), ordered[start - 1 : start - 1 + size]
    if not users:
        raise Refusal("000015")
    return users, total, start


def _found(world: SiteWorld, content: Node, *, any_of: bool) -> Iterator[User] | None:
    wanted = {name: value.lower() for name in _FILTERS if (value := content.value(name))}
    scope = content.child("dataScope")
    if not wanted and scope is None:
        return None
    first, last = _span(world, scope or NOTHING)
    partial, needed = world.quirks.partial_filters, any if any_of else all

    def fits(user: User) -> bool:
        if not first <= user.registered <= last:
            return False
        values = ((wish, user.field(name).lower()) for name, wish in wanted.items())
        return not wanted or needed(wish in value if partial else wish == value for wish, value in values)

    return filter(fits, world.users())


def _span(world: SiteWorld, scope: Node) -> tuple[float, float]:
    zone = number_in(world, scope, "timeZoneID", default=world.facts.time_zone_id)
    if zone not in TIME_ZONES:
        raise Refusal(world.quirks.invalid_code, f"there is no time zone {zone}")
    ends = [float("-inf"), float("inf")]
    for place, name in enumerate(("regDateStart", "regDateEnd")):
        if not (text := scope.value(name)):
            continue
        moment = moment_in(text, TIME_ZONES[zone].minutes)
        if moment is None:
            raise Refusal(world.quirks.invalid_code, f"{name} is not MM/DD/YYYY HH:MM:SS: {text}")
        # Dates have whole seconds; the last one counts to its end.
        ends[place] = moment + 999 * place
    return ends[0], ends[1]


def _orders(order: Node) -> list[tuple[str, bool]]:
    keys = [each.text.strip().upper() for each in order.all("orderBy")]
    ways = [each.text.strip().upper() for each in order.all("orderAD")]
    return [(key, place < len(ways) and ways[place] == "DESC") for place, key in enumerate(keys)]


def _is_natural(order: Node) -> bool:
    # Numbers are given in the order of registration.
    return _orders(order) in ([], [("UID", False)])


def _ordered(world: SiteWorld, users: list[User], order: Node) -> list[User]:
    orders = _orders(order)
    if len(orders) > _MOST_ORDERS:
        raise Refusal(world.quirks.invalid_code, f"more than {_MOST_ORDERS} orderBy")
    for key, descends in reversed(orders):
        if key not in _PATHS and key not in _NUMBERS:
            raise Refusal(world.quirks.invalid_code, f"orderBy is unknown: {key}")
        users.sort(key=partial(_sortable, key), reverse=descends)
    return users


def _sortable(key: str, user: User) -> tuple[int, str]:
    return (_NUMBERS[key](user), "") if key in _NUMBERS else (0, user.field(_PATHS[key]).lower())


def _records(total: int, returned: int, start: int) -> ET.Element:
    return element(
        "use:matchingRecords",
        element("serv:total", total),
        element("serv:returned", returned),
        element("serv:startFrom", start),
    )


OPERATIONS = (
    Operation("user.LstsummaryUser", list_summaries, Access.VIEW),
    Operation("user.LstUser", list_users, Access.VIEW),
)
