"""
What is known of a command before it is loaded.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """
    One command of the command line.
    """

    name: str
    """
    After the name of its group, if it has one.
    """
    place: str
    """
    Module and function, imported when the command is called.
    """
    summary: str
    detail: str
    example: str

    @property
    def help(self) -> str:
        """
        The summary, which the overview shows, and what there is to know beyond it.
        """
        return f"{self.summary}\n\n{self.detail}"
