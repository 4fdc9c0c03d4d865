"""
How fast the command line starts: `webex-connector --help`, as a whole process, against a bare interpreter.

Target: a median below 0.3 seconds.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 9
MOST_SECONDS = 0.3


def median_seconds(*command: str) -> float:
    """
    Return the median time of a command.
    """
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def run(*, gates: bool) -> list[str]:
    """
    Print the figures and return the missed target. With `gates` the time is only printed.
    """
    bare = median_seconds(sys.executable, "-c", "pass")
    ours = median_seconds(str(Path(sys.executable).with_name("webex-connector")), "--help")
    print(f"--help {ours:.3f} s, bare interpreter {bare:.3f} s: {ours / bare:.1f} times")
    return [] if ours < MOST_SECONDS or gates else [f"--help took {ours:.3f} s"]
