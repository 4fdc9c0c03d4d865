"""
Doors below a path.
"""

import re

from starlette.routing import Mount
from starlette.types import ASGIApp


def mounted(path: str, application: ASGIApp) -> Mount:
    """
    Return the route of everything below a path, an address with an encoded line break too: Starlette's own pattern ends
    there, and the answer would be a page of its own in the place of the door's error.
    """
    mount = Mount(path, application)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount
