"""
Signs of what will interfere: licences without seats, templates, directories.
"""

from typing import Any, get_args

import msgspec
import pytest

from fakes.hub import OPTIONS, Hub, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.connector.control_hub.diagnosis import remedies, signs
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.sandbox import catalogue
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import Template
from webex_connector.sandbox.rules.templates import use
from webex_connector.webex.scim_wire import WEBEX_USER
from webex_connector.webex.wire import Json


async def finding(hub: Hub, subject: str) -> Finding:
    """
    Test, and return what was found about one subject.
    """
    report = await hub.facade.test(OPTIONS)
    assert report.ok
    return next(each for each in report.findings if each.subject == subject)


def license_of(name: str, total: int, used: int, **more: Any) -> dict[str, Any]:
    """
    A licence as Webex shows it, bought unless said otherwise.
    """
    return {"id": name, "name": name, "totalUnits": total, "consumedUnits": used, "subscriptionId": "Sub"} | more


@pytest.mark.parametrize(
    ("license_", "detail"),
    [
        (license_of("A", 100, 98), ""),
        (license_of("A", 100, 99), "1 of 100 left: A"),
        (license_of("A", 3, 3), "none of 3 left: A"),
        (license_of("A", 3, 4), "none of 3 left: A"),
        (license_of("A", 0, 0), ""),
        (license_of("A", 7, 7, subscriptionId=None), ""),
        ({"name": "A", "subscriptionId": "Sub"}, ""),
    ],
)
def test_a_licence_runs_short_below_one_in_fifty(license_: dict[str, Any], detail: str) -> None:
    """
    Free licences always have as many units as are used, and one that was never bought is nobody's worry.
    """
    found = signs.seats([license_of("B", 10, 1), license_])

    assert (detail or "units of every licence are left") == found.detail
    assert (remedies.MORE_SEATS if detail else "") == found.remedy
    assert found.ok


async def test_a_licence_without_seats_is_told_by_its_name(hub: Hub) -> None:
    """
    The sandbox has one of which no unit is ever left.
    """
    found = await finding(hub, "seats")
    units = hub.sandbox.world.licenses[catalogue.EXHAUSTED].total_units

    assert (Verdict.WARNING, f"none of {units} left: Real-Time Translations") == (found.verdict, found.detail)


async def _invited(hub: Hub, count: int) -> None:
    for number in range(count):
        values = {"emails": (f"new{number}@acme.example",), "displayName": (f"New {number}",)}
        await hub.facade.create("__ACCOUNT__", values, OPTIONS)
    hub.sandbox.clock.advance(60)


@pytest.mark.parametrize("template", [True, False])
async def test_a_template_shows_by_what_the_newest_have_in_common(template: bool, clock: VirtualClock) -> None:  # noqa: FBT001 - both positions of a switch
    """
    Licences that nobody asked for, held by all who were invited last; without a template they hold none.
    """
    async with running_hub(clock) as hub:
        if template:
            use(hub.sandbox.world, Template((catalogue.MESSAGING,)))
        await _invited(hub, 10)
        found = await finding(hub, "licence templates")

    if template:
        assert Verdict.WARNING is found.verdict
        assert "a sign: Advanced Messaging is common to the 10 people invited last, of 30 looked at" == found.detail
        assert "automatic assignment" in found.remedy
    else:
        assert "no sign: no licence is common to the 10 people invited last, of 30 looked at" == found.detail


def test_fewer_than_five_invited_people_tell_nothing() -> None:
    """
    Four may have the same licence by chance; free licences, which come by themselves, never count.
    """
    invited = {"invitePending": True, "licenses": ["A", "Free"], "created": "2026-01-01"}
    licenses = [license_of("A", 10, 2), license_of("Free", 2, 2, subscriptionId=None)]

    assert Verdict.UNKNOWN is signs.templates([invited] * 4, licenses).verdict
    assert "a sign: A is common to the 5 people invited last, of 5 looked at" == (
        signs.templates([invited] * 5, licenses).detail
    )
    older = {"invitePending": True, "licenses": [], "created": "2025-01-01"}
    assert Verdict.WARNING is signs.templates([older, *[invited] * signs.LATEST], licenses).verdict
    assert Verdict.YES is signs.templates([older, *[invited] * (signs.LATEST - 1)], licenses).verdict


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("", ""),
        ("SCIM", ""),
        ("AD", "20 from Active Directory (Directory Connector), of the 20 people changed last"),
        ("AAD", "20 from Microsoft Entra ID, of the 20 people changed last"),
        ("OKTA", "20 from Okta, of the 20 people changed last"),
    ],
)
async def test_a_directory_shows_by_the_source_of_people(source: Any, told: str, clock: VirtualClock) -> None:
    """
    It owns whom it brought; SCIM alone may be this connector.
    """
    async with running_hub(clock, quirks=Quirks(provision_source=source)) as hub:
        found = await finding(hub, "directory")

    assert (told or "no sign: no directory brought any of the 20 people changed last") == found.detail
    assert (remedies.DIRECTORY if told else "") == found.remedy


def test_a_source_is_known_whatever_its_case() -> None:
    """
    Cisco's samples have capitals; nobody promises them.
    """
    users: list[Json] = [{WEBEX_USER: {"provisionSource": "ad"}}, {WEBEX_USER: {}}, {}]
    assert "1 from Active Directory (Directory Connector), of the 3 people changed last" == (
        signs.directory(users).detail
    )


def test_every_source_that_the_sandbox_knows_is_tried() -> None:
    """
    Whoever adds a source to the sandbox says what the test makes of it.
    """
    hints = {field.name: field.type for field in msgspec.structs.fields(Quirks)}
    assert {"", "SCIM", "AD", "AAD", "OKTA"} == set(get_args(hints["provision_source"]))
