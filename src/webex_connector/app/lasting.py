"""
What lives as long as the server.
"""

import gc


def keep_for_good() -> None:
    """
    Take it that what there is now will be needed until the end, so that nobody looks through it for garbage again: with
    all that was imported, a look takes a tenth of a second, in which no request is answered.

    Source: https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.collect()
    gc.freeze()
