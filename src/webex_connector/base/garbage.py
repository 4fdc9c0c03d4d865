"""
How often Python looks for garbage that refers to itself (https://docs.python.org/3/library/gc.html).
"""

import gc

_THRESHOLDS = (20_000, 20, 50)


def collect_rarely() -> None:
    """
    Let this process look less often than after each 700 new objects. To be called once, where a process begins.

    Records, objects and answers of Webex do not refer to themselves, and there are millions of them: looking through
    them takes a fifth of the time of a plan, and finds nothing.
    """
    gc.set_threshold(*_THRESHOLDS)
