"""
What people write of a client's rights.
"""

import pytest

from webex_connector.gateway.given_rights import CLASSES, WITHHELD, class_of, limited, right_of
from webex_connector.gateway.rights import Client, NotPermitted, Right, Role
from webex_connector.icf import names
from webex_connector.icf.errors import CallerRefused, InvalidInput
from webex_connector.icf.schema import Operation


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("users", names.ACCOUNT),
        ("user", names.ACCOUNT),
        ("Account", names.ACCOUNT),
        ("__ACCOUNT__", names.ACCOUNT),
        ("groups", names.GROUP),
        ("group", names.GROUP),
        ("licenses", "LICENSES"),
        ("LICENSES", "LICENSES"),
        ("role", "ROLES"),
    ],
)
def test_objects_have_plain_words(word: str, name: str) -> None:
    """
    In any case and number, and by the model's own names.
    """
    assert name == class_of(word)


def test_every_right_but_reading_can_be_withheld() -> None:
    """
    A right that is added can be withheld, too.
    """
    assert set(Right) - {Right.READ} == {right_of(word) for word in WITHHELD}


@pytest.mark.parametrize(
    ("client", "without", "objects", "attribute", "why"),
    [
        (Client("a"), ["fly"], [], "without", "There is no right fly to withhold; there are: write, delete, disable"),
        (Client("a"), ["read"], [], "without", "There is no right read to withhold"),
        (Client("a"), [], ["cars"], "objects", f"There are no objects cars; there are: {', '.join(CLASSES)}"),
        (Client("a"), ["configure"], [], "without", "The role provisioner does not have the right configure"),
        (Client("a", role=Role.READER), ["delete"], [], "without", "The role reader does not have the right delete"),
        (Client("a", role=Role.ADMIN), [], ["users"], "objects", "Objects limit nobody who may configure systems"),
    ],
)
def test_limits_that_limit_nothing_are_refused(
    client: Client, without: list[str], objects: list[str], attribute: str, why: str
) -> None:
    """
    Whoever writes one means something else; the mistake names where it stands.
    """
    with pytest.raises(InvalidInput, match=why) as caught:
        limited(client, without, objects)
    assert attribute == caught.value.attribute


def test_a_limited_client_may_do_the_rest() -> None:
    """
    At the door, and in what travels with each operation; an administrator may be limited to objects when it is none
    any more.
    """
    client = limited(Client("robot"), ["delete", "disable"], ["users", "licenses"])
    assert {Right.READ, Right.WRITE, Right.RUN_SCRIPTS} == client.rights
    with pytest.raises(NotPermitted, match="robot may not delete: it was not given this right"):
        client.require(Right.DELETE, "webex")
    denials = client.actor("scim").denials
    denials.refuse(Operation.UPDATE, "__account__")
    for operation, name in (
        (Operation.DELETE, names.ACCOUNT),
        (Operation.GET, names.GROUP),
        (Operation.SYNC, names.ALL),
    ):
        with pytest.raises(CallerRefused, match=rf"{operation.value} on {name} is not allowed: robot does not have"):
            denials.refuse(operation, name)
    with pytest.raises(CallerRefused, match="Disabling of __ACCOUNT__ is not allowed"):
        denials.refuse_disabling(names.ACCOUNT)
    assert limited(Client("ida", role=Role.ADMIN), ["configure"], ["groups"]).objects == frozenset({names.GROUP})
    assert Client("free").actor("scim").denials == Client("free", role=Role.ADMIN).actor("scim").denials


def test_a_token_is_never_worth_more_than_its_client() -> None:
    """
    What it was narrowed to, and what the client has by now.
    """
    client = limited(Client("robot"), ["delete"], [])
    assert {Right.READ} == client.narrowed([Right.READ, Right.DELETE]).rights
    assert frozenset() == client.narrowed([]).rights
