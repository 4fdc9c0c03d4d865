"""
What a simulated organisation costs: memory and time for each 100,000 people, each measured in a process of its own.

Memory is what the process holds at most beyond what it held before. Targets: below 100 MB for 100,000 people, and for a
million no more than a tenth above ten times as much. With `--gates` only 100,000 people are made.
"""

import json
import resource
import subprocess
import sys
import time

from webex_connector.base.clock import SystemClock
from webex_connector.sandbox.sandbox import Sandbox

UNIT = 100_000
LARGE = 1_000_000
MOST_MEGABYTES = 100.0
MOST_GROWTH = 1.1


def _peak_megabytes() -> float:
    # Linux counts in kilobytes, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def make(people: int) -> tuple[float, float]:
    """
    Make an organisation in this process and return the megabytes and the seconds it took.
    """
    before, began = _peak_megabytes(), time.perf_counter()
    sandbox = Sandbox(people=people, clock=SystemClock())
    seconds = time.perf_counter() - began
    if sandbox.world.people_count != people:
        raise RuntimeError(f"{sandbox.world.people_count} people instead of {people}")
    return _peak_megabytes() - before, seconds


def measured(people: int) -> tuple[float, float]:
    """
    Make an organisation in another process and return the megabytes for each 100,000 people and the seconds.
    """
    command = (sys.executable, "-m", "bench.population", str(people))
    told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    megabytes, seconds = json.loads(told.stdout)
    return megabytes * UNIT / people, seconds


def run(*, gates: bool) -> list[str]:
    """
    Print the figures and return the missed targets. The time is only printed.
    """
    print("making organisations")
    small, seconds = measured(UNIT)
    print(f"  {UNIT} people: {small:.0f} MB, {seconds:.1f} s")
    missed = [] if small < MOST_MEGABYTES else [f"{UNIT} people took {small:.0f} MB"]
    if gates:
        return missed
    large, seconds = measured(LARGE)
    print(f"  {LARGE} people: {large:.0f} MB for each {UNIT}, {seconds:.1f} s: {large / small:.2f} times")
    return missed if large / small < MOST_GROWTH else [*missed, f"{LARGE} people took {large / small:.2f} times"]


if __name__ == "__main__":
    print(json.dumps(make(int(sys.argv[1]))))
