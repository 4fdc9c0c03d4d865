"""
Users of a site as objects of the model, and attributes as elements of a user. Pure.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from webex_connector.base.secret import Secret
from webex_connector.connector.meetings_site.attributes import BY_NAME, HELD, OBJECT_GUID, Form, Held
from webex_connector.icf import names
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.icf.objects import ConnectorObject
from webex_connector.webex.meetings_xml.envelope import is_writable
from webex_connector.webex.meetings_xml.user_fields import Scalar, user_field
from webex_connector.webex.meetings_xml.users import MOMENT, User, UserSummary

_ENABLED, _DISABLED = "ACTIVATED", "DEACTIVATED"
_NEVER = "none"


def account_of(user: User) -> ConnectorObject:
    """
    Return a user that was read.
    """
    found = {each.info.name: _read(user, each) for each in HELD if each.info.readable}
    present = {name: values for name, values in found.items() if values}
    return ConnectorObject(names.ACCOUNT, user.webex_id, user.webex_id, present)


def account_in_list(user: UserSummary) -> ConnectorObject:
    """
    Return a user as the listing shows it.
    """
    found: dict[str, Value] = {
        "webExId": user.webex_id,
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        names.ENABLE: None if user.active is None else user.active == _ENABLED,
        "active": user.active,
        "timeZoneID": None if user.time_zone_id is None or user.time_zone_id < 0 else str(user.time_zone_id),
        "registrationDate": moment_in(user.registration_date),
        OBJECT_GUID.name: user.object_guid,
    }
    present: dict[str, Values] = {name: (value,) for name, value in found.items() if value is not None}
    return ConnectorObject(names.ACCOUNT, user.webex_id, user.webex_id, present)


def _read(user: User, held: Held) -> Values:
    path = held.path
    match held.form:
        case Form.FLAGS:
            return tuple(name for name in held.info.allowed if user.flag(f"{path}/{name}"))
        case Form.NUMBERS | Form.TEXTS:
            return user.words(path)
        case Form.NUMBER:
            return _some(user.number(path))
        case Form.FLAG:
            return _some(user.flag(path))
        case Form.STATE:
            state = user.word(path)
            return () if state is None else (state == _ENABLED,)
        case Form.MOMENT:
            return _some(moment_in(user.word(path)))
        case Form.PHONE:
            return _some(phone(user.word(path)))
        case _:
            word = user.word(path)
            # No time zone of the site's own choice has a number below zero.
            return () if path == "timeZoneID" and word == "-1" else _some(word)


def _some(value: Value) -> Values:
    return () if value is None else (value,)


def phone(text: str | None) -> str | None:
    """
    Return a telephone number without the commas a site fills it up with; None where nothing but a country is left.
    """
    parts = [part.strip() for part in (text or "").split(",")]
    if len(parts) > 1 and not any(parts[1:]):
        return None
    return ",".join(parts).rstrip(",") or None


def moment_in(text: str | None) -> str | None:
    """
    Return a moment of the API as RFC 3339 has it; None for none, and for what is no moment.
    """
    try:
        return None if text is None else datetime.strptime(text, MOMENT).replace(tzinfo=UTC).isoformat()
    except ValueError:
        return None


def elements_of(
    changes: Mapping[str, Values], before: ConnectorObject | None = None
) -> dict[str, Scalar | list[Scalar]]:
    """
    Return what is to be written for attributes that get these values: by path, as `webex/meetings_xml/users` takes it.

    Of attributes that are many flags, those that differ from `before` are written; of a new user, those that are set.
    Raises InvalidAttributeValue for what no site takes.
    """
    written: dict[str, Scalar | list[Scalar]] = {}
    for name, values in changes.items():
        held = BY_NAME[name]
        if held.form is Form.FLAGS:
            written |= _flags(held, values, () if before is None else before.values(name))
        elif held.form is Form.NUMBERS:
            written[held.path] = [_number(name, value) for value in values] or ""
        else:
            written[held.path] = _written(held, values[0]) if values else ""
    if written.get("security/resetPassword") is True:
        # A site refuses the one without the other (030053).
        written["security/forceChangePassword"] = True
    return written


def _flags(held: Held, values: Values, before: Values) -> dict[str, Scalar]:
    unknown = [value for value in values if value not in held.info.allowed]
    if unknown:
        problem = f"{held.info.name} has no {unknown[0]!r}; there are {', '.join(held.info.allowed)}"
        raise InvalidAttributeValue(problem, attribute=held.info.name)
    return {f"{held.path}/{name}": name in values for name in held.info.allowed if (name in values) != (name in before)}


def _number(name: str, value: Value) -> int:
    if not re.fullmatch(r"\d{1,18}", str(value), re.ASCII):
        raise InvalidAttributeValue(f"{name} takes numbers, not {value!r}", attribute=name)
    return int(str(value))


def _written(held: Held, value: Value) -> Scalar:
    name = held.info.name
    match held.form:
        case Form.STATE:
            return _ENABLED if value else _DISABLED
        case Form.MOMENT:
            return _moment(name, str(value))
    if isinstance(value, bool | int):
        return value
    text = value.reveal() if isinstance(value, Secret) else str(value)
    field = user_field(held.path)
    if not is_writable(text):
        raise InvalidAttributeValue(f"{name} holds a character that XML has no form for", attribute=name)
    if text != text.strip():
        problem = f"{name} begins or ends with white space, which a site does not keep"
        raise InvalidAttributeValue(problem, attribute=name)
    if field.longest is not None and len(text) > field.longest:
        problem = f"{name} is longer than the {field.longest} characters that a site takes"
        raise InvalidAttributeValue(problem, attribute=name)
    if field.allowed and text not in field.allowed:
        problem = f"{name} must be one of {', '.join(field.allowed)}"
        raise InvalidAttributeValue(problem, attribute=name)
    if held.path in {"timeZoneID", "sessionOptions/defaultSessionType"}:
        return _number(name, text)
    return value if isinstance(value, Secret) else text


def _moment(name: str, text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidAttributeValue(f"{name} must be a moment such as 2027-12-31T23:59:59Z", attribute=name) from error
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime(MOMENT)


def differing(found: ConnectorObject, asked: Mapping[str, Values]) -> list[str]:
    """
    Name the attributes that read otherwise than was asked.
    """
    return [name for name, values in asked.items() if not same(name, values, found.values(name))]


def same(name: str, asked: Values, found: Values) -> bool:
    """
    Say whether values are those asked for; what a site does not show, or shows in another form, counts as such.
    """
    held = BY_NAME[name]
    if not held.info.readable or name == "resetPassword":
        return True
    if name == "country" and found and str(found[0]).isdigit():
        return bool(asked)
    return _comparable(held, asked) == _comparable(held, found)


def _comparable(held: Held, values: Values) -> object:
    if held.form in {Form.NUMBERS, Form.FLAGS, Form.TEXTS}:
        return frozenset(map(str, values))
    if held.form is Form.PHONE:
        values = _some(phone(str(values[0]))) if values else ()
    if held.form is Form.MOMENT and values:
        values = (_moment(held.info.name, str(values[0])),)
    if held.form is Form.TEXT and not held.info.case_sensitive and held.path == "email":
        return tuple(names.folded_text(str(each)) for each in values)
    return tuple("" if each is None else each for each in values if each != "")


def is_hidden(name: str) -> bool:
    """
    Say whether a site never shows what was written, so that nobody can see whether it was.
    """
    return not BY_NAME[name].info.readable or name == "resetPassword"
