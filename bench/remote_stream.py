"""
How fast the connector server streams people to a platform in Java, beside the Java connector server with the same
people: 100,000 of them with 12 attributes, made up one after the other, over TCP on this computer.

Both servers run at once, each in a process of its own, and the same client, which is the ConnId framework's own, takes
the people from each in turn. The Java server is measured twice: as it is, and on sockets that do not hold back a packet
until the one before it is acknowledged. As it is, it waits out the kernel's delayed acknowledgement at each of its
pauses, so that only the second figure says how fast it encodes; ours is compared with that one.

Java and Maven are needed; where there are none this is left out, except on the build server. Targets:

- at least as many people a second as the Java server
- the memory that our server needs does not grow with the number of people
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from bench.processes import Served, running
from fakes.java import QUIET, built
from fakes.ports import MemoryJournal, OpenGuard
from fakes.remote_client import KEY, MemoryKind, serving
from webex_connector.base.clock import SystemClock
from webex_connector.gateway.remote.codec.description import ConnectorKey
from webex_connector.icf import names
from webex_connector.icf.attributes import Values
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING, Filter
from webex_connector.icf.objects import Batch, ConnectorObject
from webex_connector.icf.operations import Handler, Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

PEOPLE = 100_000
FEW = 10_000
ROUNDS = 3
TIMES_JAVA = 1.0
GROWTH_MEGABYTES = 8
"""
How much more memory ten times as many people may take: what Python's allocator leaves between objects.
"""

_PROJECT = Path(__file__).parent / "peers" / "stream"
_PAGE = 100
_ID = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8"
_MANY = {"emails", "licenses", "roles"}
_TEXTS = (
    "emails",
    "firstName",
    "lastName",
    "displayName",
    "department",
    "title",
    "locationId",
    "orgId",
    "licenses",
    "roles",
    "lastModified",
)
_INFO = ObjectClassInfo(
    names.ACCOUNT,
    "People.",
    (
        *(AttributeInfo(name, "A text.", many=name in _MANY) for name in _TEXTS),
        AttributeInfo(names.ENABLE, "Whether they may log in.", AttributeType.BOOLEAN),
    ),
    "emails",
)


def _person(number: int) -> ConnectorObject:
    """
    Make a person up, as People.java does.
    """
    mail, first, last = f"person{number}@example.com", f"First{number}", f"Last{number}"
    attributes: dict[str, Values] = {
        "emails": (mail,),
        "firstName": (first,),
        "lastName": (last,),
        "displayName": (f"{first} {last}",),
        "department": (f"Department {number % 40}",),
        "title": ("Engineer",),
        "locationId": (f"{_ID}location{number % 9}",),
        "orgId": (f"{_ID}organization",),
        "licenses": (f"{_ID}calling", f"{_ID}meetings", f"{_ID}messaging"),
        "roles": (f"{_ID}role",),
        "lastModified": ("2026-01-02T03:04:05.006Z",),
        names.ENABLE: (number % 10 != 0,),
    }
    return ConnectorObject(names.ACCOUNT, f"{_ID}{number:048}", mail, attributes)


class _People:
    """
    People who are made up as they are asked for, a page at a time.
    """

    info = _INFO

    def __init__(self, count: int) -> None:
        self._count = count

    def translate(self, node: Filter) -> Translation:
        """
        Filter nothing.
        """
        return Translation(EVERYTHING, node)

    async def search(
        self,
        native: object,  # noqa: ARG002 - of the protocol
        wanted: frozenset[str],  # noqa: ARG002 - of the protocol
        resume: str | None,  # noqa: ARG002 - of the protocol
        options: OperationOptions,  # noqa: ARG002 - of the protocol
    ) -> AsyncIterator[Batch]:
        """
        Yield everybody, whatever was asked for.
        """
        for start in range(0, self._count, _PAGE):
            yield Batch([_person(number) for number in range(start, min(start + _PAGE, self._count))])


class _Connector:
    def __init__(self, count: int) -> None:
        self.handlers: Mapping[str, Handler] = {names.ACCOUNT: _People(count)}

    async def aclose(self) -> None:
        """
        Close nothing.
        """


@dataclass
class _Kind(MemoryKind):
    keys: tuple[ConnectorKey, ...] = (ConnectorKey("example.people", "1.0", "example.People"),)
    properties: tuple[Property, ...] = (Property("people", "How many.", PropertyType.INTEGER, 0),)

    async def opened(self, configuration: Mapping[str, object]) -> Facade:
        """
        Open a facade of as many people as the platform says.
        """
        return Facade(
            "people",
            _Connector(int(str(configuration["people"]))),
            journal=MemoryJournal(),
            guard=OpenGuard(),
            clock=self.clock,
            cookie_key=b"0" * 32,
        )


async def server(_: object, ready: Connection) -> None:
    """
    Serve the people until the process is ended.
    """
    clock = SystemClock()
    async with serving(clock, kind=_Kind(clock)) as served:
        ready.send(f"tcp://{served.platform.host}:{served.platform.port}")
        await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class _Subject:
    """
    A server to be measured, and what it did.
    """

    name: str
    port: int
    served: Served
    rates: list[float] = field(default_factory=list)
    """
    People a second, by the clock, one figure a round.
    """
    cpu: list[float] = field(default_factory=list)
    """
    Microseconds of CPU that one person costs the server.
    """

    @property
    def rate(self) -> float:
        """
        The median of the rounds.
        """
        return statistics.median(self.rates)

    def told(self) -> str:
        """
        Return the figures in words.
        """
        return f"{self.name} {self.rate:,.0f}/s ({statistics.median(self.cpu):.0f} µs of CPU each)"


class _Client:
    """
    The client in Java, which stays, so that its compiler has warmed up.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def take(self, subject: _Subject, people: int) -> tuple[float, int]:
        """
        Take people from a server; return the seconds it took, and a sum over everything that came. Raises RuntimeError
        when it was not everybody.
        """
        _pipe(self._process.stdin).write(f"{subject.port} {people}\n")
        _pipe(self._process.stdin).flush()
        nanoseconds, seen, told = _answer(self._process)
        if seen != people:
            raise RuntimeError(f"{seen} of {people} people came from {subject.name}")
        return nanoseconds / 1e9, told

    def measure(self, subject: _Subject) -> int:
        """
        Measure a server once; return the sum over what came.
        """
        spent = _cpu_seconds(subject.served.pid)
        seconds, told = self.take(subject, PEOPLE)
        subject.rates.append(PEOPLE / seconds)
        subject.cpu.append((_cpu_seconds(subject.served.pid) - spent) * 1e6 / PEOPLE)
        return told


def _cpu_seconds(pid: int) -> float:
    # Coarser than what Served tells, and with the threads that have ended: the Java server has one for a connection.
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise RuntimeError("a program in Java has no pipe")
    return pipe


def _answer(process: "subprocess.Popen[str]") -> list[int]:
    # What the framework logs goes to standard output, too.
    for line in _pipe(process.stdout):
        if line.startswith("> "):
            return [int(word) for word in line[2:].split()]
    raise RuntimeError("a program in Java has ended")


@contextmanager
def _program(classpath: str, *words: str) -> Iterator["subprocess.Popen[str]"]:
    command = ["java", QUIET, "-cp", classpath, *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            yield process
        finally:
            process.kill()


def _measured(classpath: str, classes: Path) -> tuple[list[_Subject], list[float]]:
    """
    Return our server, Java's, and Java's as it is; and the megabytes of ours after few people and after many.
    """
    with ExitStack() as stack:
        java = stack.enter_context(_program(classpath, "example.Server", KEY, str(classes)))
        as_it_is, prompt = _answer(java)
        beside = Served("", java.pid)
        ours = stack.enter_context(running(server, None))
        client = _Client(stack.enter_context(_program(classpath, "example.Client", KEY)))
        subjects = [
            _Subject("here", urlsplit(ours.address).port or 0, ours),
            _Subject("Java", prompt, beside),
            _Subject("Java as it is", as_it_is, beside),
        ]
        megabytes = []
        for people in (FEW, PEOPLE):
            client.take(subjects[0], people)
            megabytes.append(ours.peak_megabytes())
        client.take(subjects[1], PEOPLE)
        for _ in range(ROUNDS):
            sums = {client.measure(each) for each in subjects[:2]}
            if len(sums) != 1:
                raise RuntimeError("the servers do not tell the same of people")
        client.measure(subjects[2])
        return subjects, megabytes


def run(*, gates: bool) -> list[str]:  # noqa: ARG001 - both servers meet the load of the computer
    """
    Print how the connector server stands to Java's, and return the missed targets.
    """
    if not shutil.which("mvn") and not os.environ.get("CI"):
        print("remote stream: left out, there is no Maven here")
        return []
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "stream"
        classpath = asyncio.run(built(_PROJECT, project))
        (ours, java, as_it_is), (few, many) = _measured(classpath, project / "target" / "classes")
    times = ours.rate / java.rate
    print(f"remote stream: {ours.told()}, {java.told()}, {as_it_is.told()}; {times:.2f} times Java")
    print(f"  memory {few:.0f} MB after {FEW:,} people, {many:.0f} MB after {PEOPLE:,}")
    missed = [] if times >= TIMES_JAVA else [f"streaming at {times:.2f} of the Java server's rate"]
    return missed if many - few <= GROWTH_MEGABYTES else [*missed, f"{many - few:.0f} MB more for ten times the people"]
