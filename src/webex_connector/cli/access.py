"""
`access`: who may use the doors, besides the clients of the settings.
"""

import getpass
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from cyclopts import Parameter

from webex_connector.app import storing
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.cli import asking, output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, log_to_standard_error, settings_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.spans import span_of
from webex_connector.cli.table import Rows
from webex_connector.gateway.enrolment import Enrolment, Line
from webex_connector.gateway.given_rights import CLASSES, limited
from webex_connector.gateway.rights import Client, Role, Trusted
from webex_connector.icf.errors import InvalidInput
from webex_connector.store.clients import By

_COLUMNS = ("name", "role", "systems", "limits", "shows", "made", "ends", "last used", "is")

Expires = Annotated[
    str | None,
    Parameter(help="When it ends: after 90d, 12h or 30m, or at a moment as 2026-11-21; UTC unless it says otherwise."),
]


async def add(  # noqa: PLR0913 - one for each option
    name: str,
    /,
    *,
    role: Role = Role.PROVISIONER,
    system: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    objects: tuple[str, ...] = (),
    expires: Expires = None,
    password: Annotated[bool, Parameter(negative="")] = False,
    issuer: str | None = None,
    subject: str | None = None,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Let somebody use the doors: make a client and its token, which is shown this once.

    Parameters
    ----------
    name
        What the journal calls the client.
    role
        A reader reads; a provisioner also writes and runs scripts; an admin also sets systems up.
    system
        A system that the client may use; may be given more than once. All of them when not given.
    without
        A right of the role that the client does not have: write, delete, disable, run_scripts, configure, reconcile.
        May be given more than once.
    objects
        Objects that the client may touch: users, groups, teams, licenses, roles, locations. May be given more than
        once. All of them when not given.
    password
        Ask for a password in place of making a token.
    issuer
        The issuer, by its name in the settings, whose signed assertions speak for the client, in place of a token.
    subject
        What that issuer calls the client, `sub` in its assertions.
    """
    log_to_standard_error(verbose=False)
    lifetime = _lifetime(expires)
    trusted = _trusted(issuer, subject)
    with _enrolment(config) as enrolment:
        client = limited(Client(name, None, frozenset(system) or None, role=role, trusted=trusted), without, objects)
        given = _password(name) if password else None
        shown = await enrolment.add(replace(client, password=given), lifetime, _by())
    if shown is None:
        output.note(f"Assertions of {issuer} about {subject} speak for {name} from now on.")
    else:
        _hand_over(name, None if password else shown)
    return Exit.OK


async def rotate(
    name: str,
    /,
    *,
    expires: Expires = None,
    keep: Annotated[str, Parameter(help="How long the one before is good still, as 24h.")] = "0",
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Give a client a new token, or ask for a new password if it has one. What it had before ends.

    Parameters
    ----------
    name
        The client.
    """
    log_to_standard_error(verbose=False)
    lifetime, overlap = _lifetime(expires), timedelta(0) if keep == "0" else _span(keep, "--keep")
    with _enrolment(config) as enrolment:
        given = _password(name) if await enrolment.has_password(name) else None
        shown = await enrolment.rotate(name, given, lifetime, overlap, _by())
    _hand_over(name, shown if given is None else None)
    return Exit.OK


async def revoke(name: str, /, *, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Let a client in no more, from its next request on, also at a running server.

    Parameters
    ----------
    name
        The client.
    """
    log_to_standard_error(verbose=False)
    with _enrolment(config) as enrolment:
        await enrolment.revoke(name, _by())
    output.note(f"{name} is not let in any more.")
    return Exit.OK


async def list_(*, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Show who may use the doors, what they show, and when they did last.
    """
    log_to_standard_error(verbose=False)
    with _enrolment(config) as enrolment:
        lines = await enrolment.lines()
    rows = [_of_the_settings(each) for each in settings_of(config).clients] + [_row(line) for line in lines]
    if as_json:
        output.show_json_lines(rows)
    elif rows:
        Rows(_COLUMNS).add(rows)
    else:
        output.note("Nobody may use the doors: webex-connector access add NAME.")
    return Exit.OK


@contextmanager
def _enrolment(config: Any) -> Iterator[Enrolment]:
    with storing.enrolment(settings_of(config), SystemClock()) as found:
        yield found


def _trusted(issuer: str | None, subject: str | None) -> Trusted | None:
    """
    Return whose assertions are meant. Raises InvalidInput when half of it is missing.
    """
    if bool(issuer) != bool(subject):
        raise InvalidInput("--issuer and --subject go together: who signs, and what it calls the client")
    return Trusted(issuer, subject) if issuer and subject else None


def _by() -> By:
    return By(getpass.getuser(), "command line")


def _hand_over(name: str, token: Secret | None) -> None:
    if token is None:
        output.note(f"{name} logs in with that password from now on.")
        return
    output.note(f"The token of {name}, which is not shown again:")
    output.show_text(token.reveal())


def _password(name: str) -> Secret:
    """
    Ask for a password, twice where somebody types. Raises InvalidInput.
    """
    first = asking.secret(f"Password of {name}")
    if sys.stdin.isatty() and asking.secret("Once more") != first:
        raise InvalidInput("These were two different passwords; nothing was changed")
    return first


def _lifetime(text: str | None) -> timedelta | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _span(text, "--expires")
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)) - SystemClock().now()


def _span(text: str, option: str) -> timedelta:
    return span_of(text, option, " or 2026-11-21")


def _of_the_settings(client: Client) -> Mapping[str, Any]:
    shows = [kind for kind, secret in (("password", client.password), ("token", client.token)) if secret]
    if client.trusted is not None:
        shows.append(_assertions(client.trusted.issuer, client.trusted.subject))
    return {
        "name": client.name,
        "role": client.role.value,
        "systems": _systems(client.systems),
        "limits": _limits({each.value for each in client.without}, client.objects),
        "shows": " or ".join(shows),
        "is": "in the settings",
    }


def _row(line: Line) -> Mapping[str, Any]:
    client, credential = line.client, line.credential
    shows = [] if credential is None else [f"{credential.kind.value} {credential.hint}…".removesuffix(" …")]
    if client.trusted is not None:
        shows.append(_assertions(*client.trusted))
    return {
        "name": client.name,
        "role": client.role,
        "systems": _systems(client.systems),
        "limits": _limits(client.without, client.objects),
        "shows": " or ".join(shows),
        "made": _told(client.made if credential is None else credential.made),
        "ends": None if credential is None else _told(credential.ends),
        "last used": None if credential is None else _told(credential.used),
        "is": line.standing.value,
    }


def _assertions(issuer: str, subject: str) -> str:
    return f"assertions of {issuer} about {subject}"


def _limits(without: Collection[str], objects: Collection[str] | None) -> str | None:
    words = [f"no {each}" for each in sorted(without)]
    if objects is not None:
        words.append(" and ".join(word for word, name in CLASSES.items() if name in objects) + " alone")
    return ", ".join(words) or None


def _systems(systems: frozenset[str] | None) -> str:
    return "all" if systems is None else ", ".join(sorted(systems))


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"
