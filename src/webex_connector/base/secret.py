"""
A secret is a type that cannot be printed.
"""

import hmac
from typing import Never

MASK = "••••••"
"""
What stands for a secret wherever one would be shown.
"""


class Secret:
    """
    A text that only `reveal` gives back: `str`, `repr`, formatting, logs and pickles show a mask or refuse.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """
        Return the text. Call it only where the secret is sent or sealed.
        """
        return self.__text

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __bool__(self) -> bool:
        return bool(self.__text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__text.encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return hash((Secret, self.__text))

    def __reduce__(self) -> Never:
        raise TypeError("a secret is not pickled; reveal and seal it where it is stored")
