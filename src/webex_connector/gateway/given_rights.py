"""
What people write of a client's rights, in the settings or on the command line, and what does not go together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from webex_connector.gateway.issuing import SCOPES
from webex_connector.gateway.rights import RIGHTS, Client, Right, Role
from webex_connector.icf import names
from webex_connector.icf.errors import InvalidInput

CLASSES: Final[Mapping[str, str]] = {
    "users": names.ACCOUNT,
    "groups": names.GROUP,
    "teams": "TEAMS",
    "licenses": "LICENSES",
    "roles": "ROLES",
    "locations": "LOCATIONS",
}
"""
The object classes that a client can be limited to, by the words for them.
"""

WITHHELD: Final = tuple(word for word, right in SCOPES.items() if right is not Right.READ)
"""
The words of the rights that can be withheld: who may not read has no use for access.
"""


def class_of(word: str) -> str:
    """
    Return the object class that a word means, by that word or the canonical name. Raises InvalidInput.
    """
    folded = names.folded(word)
    for each, name in CLASSES.items():
        if folded in (each, each.removesuffix("s"), names.folded(name), names.folded(name).strip("_")):
            return name
    raise InvalidInput(f"There are no objects {word}; there are: {', '.join(CLASSES)}", attribute="objects")


def right_of(word: str) -> Right:
    """
    Return the right that can be withheld by a word. Raises InvalidInput.
    """
    if word not in WITHHELD:
        why = f"There is no right {word} to withhold; there are: {', '.join(WITHHELD)}"
        raise InvalidInput(why, attribute="without")
    return SCOPES[word]


def limited(client: Client, without: Iterable[str], objects: Iterable[str]) -> Client:
    """
    Return the client without some rights of its role, and with some object classes alone if any are named.

    Raises InvalidInput, whose attribute is `without` or `objects`, for a word that means nothing, and for limits that
    would be none.
    """
    found = replace(
        client,
        without=frozenset(right_of(each) for each in without),
        objects=frozenset(class_of(each) for each in objects) or None,
    )
    if found.objects is not None and Right.CONFIGURE in found.rights:
        raise InvalidInput(
            "Objects limit nobody who may configure systems; withhold configure too, or give the role "
            f"{Role.PROVISIONER.value} or {Role.READER.value}",
            attribute="objects",
        )
    idle = found.without - RIGHTS[client.role]
    if idle:
        words = ", ".join(word for word in WITHHELD if SCOPES[word] in idle)
        why = f"The role {client.role.value} does not have the right {words}, which was to be withheld"
        raise InvalidInput(why, attribute="without")
    return found
