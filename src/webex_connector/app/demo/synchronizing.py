"""
The sync engine at work: a file of five hundred people from a human resources department, as such files are, becomes
right in Webex; a second run has nothing to do; a file in which far too many have left is stopped.
"""

import shutil
from pathlib import Path
from typing import Any, Final

import msgspec

from webex_connector.app.demo.shell import Shell
from webex_connector.app.demo.stage import Stage
from webex_connector.app.demo.telling import say
from webex_connector.app.practice import write_practice_file
from webex_connector.sandbox.scenarios import SAMPLE

SAMPLES: Final = Path(__file__).parent / "hr"
"""
The sample files that are shipped: `hr.csv`, `hr-leavers.csv`, `licenses.csv` and `sync.toml`.
"""

DOMAIN: Final = "@hr.acme.example"
"""
Where everybody of the sample file has an address who is not in the organisation yet.
"""

MADE: Final = 490
"""
How many of the file's 500 are made: two are there, five have left, two have the same address, one has none.
"""

MESSAGING: Final = "Advanced Messaging"
"""
The licence that John Doe holds and should not.
"""

SETTINGS: Final = "webex-connector.toml"
"""
What the settings file is called.
"""

_SECTIONS = """
[sync]
file = "sync.toml"

[tables.licenses]
file = "licenses.csv"
key = "name"
value = "id"
"""
_WRITES = frozenset({"CREATE", "UPDATE", "DISABLE", "DELETE", "LINK", "UNLINK"})
_ENDED_PARTLY = 7
_REFUSED = 3


class Department:
    """
    Somebody who has a file of people and makes Webex right by it.
    """

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._world, self._folder = stage.sandbox.world, folder
        self._shell = Shell(folder, say)
        self.wrong: list[str] = []
        for each in SAMPLES.iterdir():
            shutil.copy(each, folder)
        settings = folder / SETTINGS
        write_practice_file(settings, stage.organisation, stage.sandbox.credentials)
        with settings.open("a", encoding="utf-8") as text:
            text.write(_SECTIONS)

    async def walk(self) -> None:
        """
        Run the commands, tell about each, and remember what was not as expected.
        """
        say(
            "\n── The sync engine ─────────────────────────────────────────────────────\n\n"
            f"In {self._folder}\n"
            "there is a file of 500 people, hr.csv, as such files are: names with all letters of Europe, two rows\n"
            "with one address, a row without, an address in other letters, a new name, people who have left, managers\n"
            "who are nobody or each other's, a licence too many. sync.toml says what becomes of them.",
        )
        await self._everybody()
        await self._again()
        await self._leavers()

    async def _everybody(self) -> None:
        people = self._world.people_count
        plan = await self._planned("first.json")
        self._see(f"Nothing is done yet: {people:,} people, as before.", holds=self._world.people_count == people)
        ended = await self._shell.run("sync", "apply", plan["plan"], "--approve", plan["fingerprint"])
        made = [person for _, person in self._world.people() if person.email.endswith(DOMAIN)]
        self._see(
            f"{len(made)} were made, and nobody whose row was doubtful.",
            holds=ended == _ENDED_PARTLY and len(made) == MADE == self._world.people_count - people,
        )
        john = self._world.person_at(SAMPLE)
        licenses = set() if john is None else {self._world.licenses[each].name for each in john.licenses}
        self._see(
            f"{SAMPLE}, whose address is written otherwise in the file, has his new name, and no {MESSAGING} any more.",
            holds=john is not None and john.display_name == "John Doe-Miller" and MESSAGING not in licenses,
        )

    async def _again(self) -> None:
        writes = self._world.writes
        plan = await self._planned("second.json")
        planned = {name: count for name, count in plan["summary"]["actions"].items() if name in _WRITES and count}
        self._see("A second run has nothing to do.", holds=not planned and self._world.writes == writes)

    async def _leavers(self) -> None:
        writes = self._world.writes
        shutil.copy(self._folder / "hr-leavers.csv", self._folder / "hr.csv")
        say("\nThe next file says that 150 people have left.")
        plan = await self._planned("leavers.json")
        ended = await self._shell.run("sync", "apply", plan["plan"], "--approve", plan["fingerprint"])
        self._see(
            "It was stopped: sync.toml lets 25 be disabled by one plan. Nobody was touched.",
            holds=ended == _REFUSED and plan["state"] == "stopped" and self._world.writes == writes,
        )
        shutil.copy(SAMPLES / "hr.csv", self._folder / "hr.csv")

    async def _planned(self, report: str) -> dict[str, Any]:
        ended = await self._shell.run("sync", "plan", "people", "--out", report)
        if ended:
            self._see("A plan was made.", holds=False)
        return msgspec.json.decode((self._folder / report).read_bytes(), type=dict[str, Any])

    def _see(self, sentence: str, *, holds: bool) -> None:
        say(f"\n{'✓' if holds else '✗'} {sentence}")
        if not holds:
            self.wrong.append(sentence)


async def walk(stage: Stage, folder: Path) -> bool:
    """
    Play it in a folder, which is filled with the sample files and settings for the stage's organisation. Returns
    whether everything was as expected.
    """
    department = Department(stage, folder)
    await department.walk()
    for each in department.wrong:
        say(f"Not as expected: {each}")
    return not department.wrong
