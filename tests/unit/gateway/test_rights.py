"""
Who may do what.
"""

import pytest

from webex_connector.gateway.rights import NEEDED, RIGHTS, Client, NotPermitted, Right, Role
from webex_connector.icf.schema import Operation

MAY = {
    Role.READER: {
        Operation.GET,
        Operation.SEARCH,
        Operation.SYNC,
        Operation.TEST,
        Operation.SCHEMA,
        Operation.DISCOVER,
        Operation.AUTHENTICATE,
    },
    Role.PROVISIONER: set(Operation),
    Role.ADMIN: set(Operation),
}


def test_both_tables_are_complete() -> None:
    """
    Nobody can add an operation without saying which right it takes, nor a role without saying what it may.
    """
    assert set(Operation) == set(NEEDED)
    assert set(Role) == set(RIGHTS)
    assert set(Right) == set().union(*RIGHTS.values())


def test_each_role_may_do_what_the_one_before_may() -> None:
    """
    Giving somebody a higher role takes nothing away.
    """
    reader, provisioner, admin = (RIGHTS[role] for role in Role)
    assert reader < provisioner < admin


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("operation", Operation)
def test_what_each_role_may_do_at_its_systems_and_at_others(role: Role, operation: Operation) -> None:
    """
    Written out once more, by operation: at its own systems what the role says, at others nothing.
    """
    client = Client("robot", systems=frozenset({"a"}), role=role)
    assert client.may(NEEDED[operation], "a") == (operation in MAY[role])
    assert not client.may(NEEDED[operation], "b")
    assert Client("robot", role=role).may(NEEDED[operation], "b") == (operation in MAY[role])


@pytest.mark.parametrize(
    ("role", "systems", "right", "system", "why"),
    [
        (Role.ADMIN, {"a"}, Right.READ, "b", "robot may not use b"),
        (Role.ADMIN, set(), Right.READ, "a", "robot may not use a"),
        (Role.READER, {"a"}, Right.WRITE, "a", "robot may not write: the role reader does not allow it"),
        (Role.READER, None, Right.RUN_SCRIPTS, "a", "robot may not run scripts: the role reader does not allow it"),
        (Role.PROVISIONER, None, Right.CONFIGURE, None, "robot may not configure: the role provisioner does not allow"),
        (Role.ADMIN, {"a"}, Right.CONFIGURE, None, "robot may not configure here: it takes the right to all systems"),
    ],
)
def test_who_is_refused_hears_why(
    role: Role, systems: set[str] | None, right: Right, system: str | None, why: str
) -> None:
    """
    One sentence says whether the system, the role or the reach is the matter.
    """
    client = Client("robot", systems=None if systems is None else frozenset(systems), role=role)
    with pytest.raises(NotPermitted, match=why):
        client.require(right, system)
    assert not client.may(right, system)


def test_who_may_passes() -> None:
    """
    An administrator of all systems may configure; one of a system may configure that one.
    """
    Client("ida", role=Role.ADMIN).require(Right.CONFIGURE, None)
    Client("ida", role=Role.ADMIN, systems=frozenset({"a"})).require(Right.CONFIGURE, "a")
