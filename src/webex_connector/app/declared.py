"""
What settings are declared with, once each: name, type, default, help and whether it is a secret. The reader, the
environment overlay and the reference page go by the sections in `app/sections/`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from webex_connector.connector.configuration import Certificates
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.icf.configuration import Property, PropertyType, Setting
from webex_connector.icf.schema import Schema

ANY = "<name>"
"""
Stands for a name of the user's choice in the path of a section.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """
    One table of the settings file.
    """

    path: tuple[str, ...]
    help: str
    properties: tuple[Property, ...]
    below: tuple["Section", ...] = ()
    """
    The tables inside this one.
    """

    @property
    def tables(self) -> tuple["Section", ...]:
        """
        This section and all that are below it, at any depth.
        """
        return (self, *(table for each in self.below for table in each.tables))

    @property
    def title(self) -> str:
        """
        The table's header without brackets.
        """
        return ".".join(self.path)

    def fits(self, path: tuple[str, ...]) -> bool:
        """
        Whether a path in a file is one of this section's tables.
        """
        return len(path) == len(self.path) and all(
            own in (ANY, given) for own, given in zip(self.path, path, strict=True)
        )


def tables_of(sections: Iterable[Section]) -> tuple[Property, ...]:
    """
    Return the properties that lead to sections, for the section around them.
    """
    names = {each.path[-1] if each.path[-1] != ANY else each.path[-2]: each for each in sections}
    return tuple(Property(name, each.help, PropertyType.MAP) for name, each in names.items())


class Kind(Protocol):
    """
    What has to be known of a kind of connector to read its settings.
    """

    @property
    def properties(self) -> tuple[Property, ...]:
        """
        The properties there are.
        """
        ...

    @property
    def check(self) -> Callable[[Mapping[str, Setting], Certificates], None]:
        """
        Raises ConfigurationMistakes when values that are right one by one do not fit together, or with certificates.
        """
        ...

    @property
    def title(self) -> str:
        """
        What people call a system of this kind that has no name of its own.
        """
        ...

    @property
    def ref(self) -> ConnectorRef | None:
        """
        The names by which other platforms know it; None for one that their files do not describe.
        """
        ...

    @property
    def schema(self) -> Callable[[Mapping[str, Setting], Certificates], Schema] | None:
        """
        Says what a connector with these values has, without asking it; None where only it can tell.
        """
        ...
