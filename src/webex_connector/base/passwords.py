"""
Passwords that nobody thought of.
"""

import secrets
import string
from itertools import pairwise
from typing import Final

from webex_connector.base.secret import Secret

LENGTH: Final = 20
"""
How many characters a made-up password has: more than rules of passwords ask for, fewer than any system refuses.
"""

# Signs that need no quoting in a shell or in XML, and letters and digits that look like no others.
_KINDS: Final = (
    "".join(set(string.ascii_uppercase) - {"I", "O"}),
    "".join(set(string.ascii_lowercase) - {"l", "o"}),
    "".join(set(string.digits) - {"0", "1"}),
    "-_.+=@%",
)
_OF_EACH: Final = 3


def made_up() -> Secret:
    """
    Return a fresh random password with capitals, small letters, digits and signs, three of each at least, and without
    any character that stands beside itself, as rules of passwords want them. About 110 bits of it are chance.
    """
    while True:
        chosen = [secrets.choice(kind) for kind in _KINDS for _ in range(_OF_EACH)]
        chosen += [secrets.choice("".join(_KINDS)) for _ in range(LENGTH - len(chosen))]
        secrets.SystemRandom().shuffle(chosen)
        if all(one != other for one, other in pairwise(chosen)):
            return Secret("".join(chosen))
