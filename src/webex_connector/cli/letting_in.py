"""
`enable`, `disable`, `unlock` and `reset-password`: whether somebody may log in, in one word each.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from cyclopts import Parameter

from webex_connector.base.passwords import made_up
from webex_connector.base.secret import Secret
from webex_connector.cli import asking, output
from webex_connector.cli.common import DEFAULTS, Common, facade_of, signed
from webex_connector.cli.exits import Exit
from webex_connector.cli.reading import uid_of
from webex_connector.cli.writing import DryRun, Yes, is_dry, told
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, replaced
from webex_connector.icf.errors import Ambiguous, InvalidInput, UnsupportedOperation
from webex_connector.icf.facade import Facade
from webex_connector.icf.ports import Harm
from webex_connector.icf.schema import ObjectClassInfo

_FORCE_CHANGE, _BY_MAIL = "forceChangePassword", "resetPassword"

_NEEDED_FOR: Final[Mapping[str, str]] = {
    names.ENABLE: "enable and disable anybody",
    names.LOCK_OUT: "unlock anybody",
    names.PASSWORD: "set passwords",
    _FORCE_CHANGE: "have passwords changed at the next log-in",
    _BY_MAIL: "mail passwords",
}


async def enable(who: str, /, *, dry_run: DryRun = False, common: Common = DEFAULTS) -> Exit:
    """
    Let somebody log in again who was disabled.

    Parameters
    ----------
    who
        The e-mail address, the name or the id of somebody.
    """
    return await _switched(who, names.ENABLE, common, to=True, done="Enabled", dry_run=dry_run)


async def disable(who: str, /, *, dry_run: DryRun = False, yes: Yes = False, common: Common = DEFAULTS) -> Exit:
    """
    Let somebody log in no more, and keep the account. A dry run unless --yes is given.

    Parameters
    ----------
    who
        The e-mail address, the name or the id of somebody.
    """
    async with facade_of(common) as facade:
        info = _able(facade, names.ENABLE)
        uid = await uid_of(facade, info, who, signed())
        dry = is_dry(Harm.DISABLE, info, dry_run=dry_run, yes=yes)
        result = await facade.update(
            info.name, uid, [AttributeDelta(names.ENABLE, replace=(False,))], signed(dry_run=dry)
        )
    return told(info, result, common, done="Disabled", dry_run=dry, shown=False)


async def unlock(who: str, /, *, dry_run: DryRun = False, common: Common = DEFAULTS) -> Exit:
    """
    Let somebody log in again who was locked out, as after too many wrong passwords.

    Parameters
    ----------
    who
        The e-mail address, the name or the id of somebody.
    """
    return await _switched(who, names.LOCK_OUT, common, to=False, done="Unlocked", dry_run=dry_run)


async def reset_password(
    who: str,
    /,
    *,
    generate: Annotated[bool, Parameter(negative="")] = False,
    mail: Annotated[bool, Parameter(negative="")] = False,
    force_change: Annotated[bool, Parameter(negative="")] = False,
    dry_run: DryRun = False,
    common: Common = DEFAULTS,
) -> Exit:
    """
    Give somebody a new password, which is asked for, or read from standard input; it is never on the command line.

    Parameters
    ----------
    who
        The e-mail address, the name or the id of somebody.
    generate
        Make a password up, and show it once on standard output.
    mail
        Have the system make a password and mail it; it must be changed at the next log-in.
    force_change
        The password must be changed at the next log-in.
    """
    if generate and mail:
        raise InvalidInput("--generate and --mail exclude each other: one of the two makes the password")
    async with facade_of(common) as facade:
        info = _able(facade, _BY_MAIL if mail else names.PASSWORD, *([_FORCE_CHANGE] if force_change else []))
        uid = await uid_of(facade, info, who, signed())
        password = None if mail else made_up() if generate else asking.secret(f"new password of {uid}")
        flags = ([_BY_MAIL] if mail else []) + ([_FORCE_CHANGE] if force_change else [])
        deltas = [AttributeDelta(name, replace=(True,)) for name in flags]
        deltas += [] if password is None else [replaced(names.PASSWORD, password)]
        try:
            result = await facade.update(info.name, uid, deltas, signed(dry_run=dry_run))
        except Ambiguous:
            # It may be the password from now on, and nobody else knows it.
            _show(password if generate else None, common)
            raise
    _show(password if generate and not dry_run else None, common)
    return told(info, result, common, done="Reset", dry_run=dry_run, shown=False)


async def _switched(who: str, attribute: str, common: Common, *, to: bool, done: str, dry_run: bool) -> Exit:
    async with facade_of(common) as facade:
        info = _able(facade, attribute)
        uid = await uid_of(facade, info, who, signed())
        result = await facade.update(info.name, uid, [replaced(attribute, to)], signed(dry_run=dry_run))
    return told(info, result, common, done=done, dry_run=dry_run, shown=False)


def _able(facade: Facade, *attributes: str) -> ObjectClassInfo:
    """
    Return the object class of people. Raises UnsupportedOperation where the system does not write one of these.
    """
    info = facade.schema.object_class(names.ACCOUNT)
    for name in attributes:
        if not info.has(name) or not info.attribute(name).updateable:
            raise UnsupportedOperation(f"The system {facade.system} cannot {_NEEDED_FOR[name]}: it has no {name}")
    return info


def _show(password: Secret | None, common: Common) -> None:
    if password is None:
        return
    if common.as_json:
        output.show_json({"password": password.reveal()})
    else:
        output.show_text(password.reveal())
