"""
The sections of the settings: one file each, none forgotten.
"""

import pkgutil
from collections.abc import Iterable
from dataclasses import fields
from importlib import import_module

from webex_connector.app import sections as folder
from webex_connector.app.declared import Section
from webex_connector.app.sections import scim
from webex_connector.app.sections.systems import PARTS
from webex_connector.app.settings import SystemSettings
from webex_connector.app.settings_file import sections


def _forgotten(known: Iterable[Section]) -> set[str]:
    names = {each.name for each in pkgutil.iter_modules(folder.__path__)}
    declared = {name: import_module(f"{folder.__name__}.{name}").SECTION for name in names}
    listed = tuple(known)
    return {name for name, section in declared.items() if section not in listed}


def test_every_file_is_read() -> None:
    """
    A section's file that nothing reads would be neither a setting nor on the page of settings.
    """
    assert set() == _forgotten(sections({}))


def test_a_forgotten_file_is_found() -> None:
    """
    The comparison sees a single section that is missing.
    """
    known = [each for each in sections({}) if each is not scim.SECTION]

    assert {"scim"} == _forgotten(known)


def test_parts_of_a_system_have_the_names_of_their_fields() -> None:
    """
    What a table inside a system's says lands in the field of its name.
    """
    assert {part.SECTION.path[-1] for part in PARTS} <= {each.name for each in fields(SystemSettings)}


def test_sections_below_come_after_their_own() -> None:
    """
    The page of settings has a table's parts right behind it.
    """
    titles = [each.title for each in sections({})]

    place = titles.index("systems.<name>.limits")
    assert "systems.<name>.limits.seconds" == titles[place + 1]
    assert len(titles) == len(set(titles))
