"""
The functions of expressions that the sandbox cannot do by itself. Expressions ask for many at once, between two passes
over the records; see `_answer` in `functions.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import phonenumbers
from anyascii import anyascii

Answer = tuple[str | None, str | None]
"""
What a call gives, or else what is wrong with it.
"""

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"})


def phone(number: str, country: str | None = None) -> Answer:
    """
    Return a telephone number in E.164 form (https://www.itu.int/rec/T-REC-E.164), by the rules of libphonenumber.
    """
    if country is not None and country.upper() not in phonenumbers.SUPPORTED_REGIONS:
        return None, f"{country} is no country; two letters are, as DE"
    try:
        parsed = phonenumbers.parse(number, country and country.upper())
    except phonenumbers.NumberParseException as error:
        hint = "; begin it with + or name its country" if country is None else ""
        return None, f"{number} is no telephone number: {error}{hint}"
    if not phonenumbers.is_possible_number(parsed):
        return None, f"{number} is no telephone number: it is too short or too long"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), None


def plain(text: str) -> Answer:
    """
    Return a text in ASCII. German umlauts become two letters, which the library would make one.
    """
    return anyascii(text.translate(_UMLAUTS)), None


HOSTED: Final[Mapping[str, Callable[..., Answer]]] = {"phone": phone, "ascii": plain}
"""
By the names of the functions.
"""


def answered(asked: list[Any]) -> dict[str, dict[tuple[Any, ...], Answer]]:
    """
    Return the answers to calls, each once. A call of a wrong type has an answer too, which says so.
    """
    found: dict[str, dict[tuple[Any, ...], Answer]] = {name: {} for name in HOSTED}
    for name, arguments in asked:
        if arguments not in found[name]:
            found[name][arguments] = _answer(name, arguments)
    return found


def _answer(name: str, arguments: tuple[Any, ...]) -> Answer:
    if not all(each is None or isinstance(each, str) for each in arguments):
        return None, f"{name} takes texts"
    return HOSTED[name](*arguments)
