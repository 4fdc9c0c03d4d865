"""
Values as the wire tells them apart. Those of Python that say enough stand for themselves: None, bool, str, bytes,
Secret (`GuardedString`), int (`Integer`, of 32 bits), float (`Double`) and tuple (`List`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, TypeAlias

from webex_connector.gateway.remote.codec.fields import Form, bare, int32, text

Value: TypeAlias = object
"""
Whatever may travel: None, a value of Python or of this module, or a message.
"""


@dataclass(frozen=True, slots=True)
class JavaClass:
    """
    The name of a class: of a value type, a primitive type, an operation or a message. `depth` counts array brackets.
    """

    name: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Set:
    """
    A set. Its members keep their order, which means nothing.
    """

    members: tuple[Value, ...] = ()
    case_insensitive: bool = False

    def __iter__(self) -> Iterator[Value]:
        return iter(self.members)


@dataclass(frozen=True, slots=True)
class Map:
    """
    A map, as pairs. Nothing keeps a peer from sending a key twice, or one that Python cannot hash.
    """

    pairs: tuple[tuple[Value, Value], ...] = ()
    case_insensitive: bool = False

    def get(self, key: str) -> Value:
        """
        Return the value of a key, None when there is none.
        """
        return next((value for name, value in self.pairs if name == key), None)


@dataclass(frozen=True, slots=True)
class Array:
    """
    An array of objects of one class; of primitive ones, boxed.
    """

    component: JavaClass
    items: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Long:
    """
    An integer of 64 bits.
    """

    value: Annotated[int, bare(Form.LONG)]


@dataclass(frozen=True, slots=True)
class Float:
    """
    A number of 32 bits, which travels in 64.
    """

    value: Annotated[float, bare(Form.DOUBLE)]


@dataclass(frozen=True, slots=True)
class Byte:
    """
    One byte, from -128 to 127.
    """

    value: Annotated[int, bare(Form.BYTE)]


@dataclass(frozen=True, slots=True)
class Character:
    """
    One character.
    """

    value: Annotated[str, bare(Form.TEXT)]


@dataclass(frozen=True, slots=True)
class BigInteger:
    """
    An integer of any size, in decimal digits.
    """

    value: Annotated[str, bare(Form.TEXT)]


@dataclass(frozen=True, slots=True)
class BigDecimal:
    """
    A decimal number: `unscaled` times ten to the power of minus `scale`.
    """

    unscaled: Annotated[str, text("unscaled")]
    scale: Annotated[int, int32("scale")] = 0

    @property
    def value(self) -> Decimal:
        """
        The number. Raises decimal.InvalidOperation when there are no digits.
        """
        sign, digits, _ = Decimal(self.unscaled).as_tuple()
        return Decimal((sign, digits, -self.scale))


@dataclass(frozen=True, slots=True)
class URI:
    """
    An address.
    """

    value: Annotated[str, bare(Form.TEXT)]


@dataclass(frozen=True, slots=True)
class File:
    """
    The path of a file.
    """

    value: Annotated[str, bare(Form.TEXT)]


@dataclass(frozen=True, slots=True)
class ZonedDateTime:
    """
    A moment with its offset, ISO 8601. OpenICF does not know the type.
    """

    value: Annotated[str, bare(Form.TEXT)]


@dataclass(frozen=True, slots=True)
class Locale:
    """
    A language, as Java names it; all parts empty for none in particular.
    """

    language: Annotated[str, text("language")] = ""
    country: Annotated[str, text("country")] = ""
    variant: Annotated[str, text("variant")] = ""


class SecretBytes:
    """
    A byte string that prints as a mask: Java's `GuardedByteArray`.
    """

    __slots__ = ("__content",)

    def __init__(self, content: bytes) -> None:
        self.__content = content

    def reveal(self) -> bytes:
        """
        Return the bytes.
        """
        return self.__content

    def __repr__(self) -> str:
        return "SecretBytes(••••••)"
