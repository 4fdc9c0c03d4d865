"""
The bodies of PATCH (RFC 7644, section 3.5.2), read into single steps about known attributes. Pure.

What real clients send is accepted: `op` and names in any case, one operation in the place of a list, objects without a
path whose keys are paths themselves (Okta, Entra), filters for entries that are not there yet (Entra). What comes out
is about attributes there are, and nobody changes what is read-only.

Sources: https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-config-problem-scim-compatibility
for Entra, https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20/ for Okta.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from webex_connector.gateway.scim.errors import Kind, Problem, refused
from webex_connector.gateway.scim.filter_text import Node, PatchPath, parsed_path
from webex_connector.gateway.scim.mapping import Mutability, Place, Resource
from webex_connector.gateway.scim.matching import matcher
from webex_connector.gateway.scim.standard import ATTRIBUTES, inside, is_standard_part
from webex_connector.gateway.scim.values import as_list, shown

PATCH_URN: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

MOST_OPERATIONS: Final = 5000
"""
How many operations a PATCH may have.
"""


class Op(Enum):
    """
    What an operation does.
    """

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Step:
    """
    One operation on one attribute.
    """

    op: Op
    place: Place
    value: Any = None
    """
    As sent; None clears.
    """
    chosen: Node | None = None
    """
    Which values of a list are meant; None for all.
    """


@dataclass(frozen=True, slots=True)
class Steps:
    """
    What a PATCH asks for.
    """

    steps: tuple[Step, ...]
    """
    In order.
    """
    passed_over: tuple[str, ...]
    """
    Paths that Webex cannot hold or that nobody writes, which clients send all the same.
    """


_EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


def steps_of(resource: Resource, body: Any, uid: str) -> Steps:
    """
    Return the steps of a PATCH of the resource with this id.

    Raises Problem: 400 with invalidSyntax, invalidPath, invalidFilter, invalidValue, noTarget or mutability, 413 for
    too many operations.
    """
    reader = _Reader(resource, uid)
    steps = [step for operation in _operations(body) for step in reader.steps(operation)]
    held = {each.place.attribute.model for each in steps if each.place.attribute.name == "userName" and each.value}
    rivals = [each.place.path for each in steps if _is_rival(each, held)]
    return Steps(tuple(each for each in steps if not _is_rival(each, held)), (*reader.passed_over, *rivals))


def is_empty(value: Any) -> bool:
    """
    Whether a value stands for "no value".
    """
    return value in _EMPTY


def _operations(body: Any) -> list[Mapping[str, Any]]:
    fields = _fields(body, "The body must be a PatchOp, a JSON object")
    schemas = [each.lower() for each in as_list(fields.get("schemas")) if isinstance(each, str)]
    if schemas and PATCH_URN.lower() not in schemas:
        raise refused(Kind.INVALID_SYNTAX, f"The body's schemas must name {PATCH_URN}, not {shown(fields['schemas'])}")
    operations = as_list(fields.get("operations"))
    if not operations:
        raise refused(Kind.INVALID_SYNTAX, "Operations must be a list of at least one operation")
    if len(operations) > MOST_OPERATIONS:
        raise Problem(413, f"A PATCH may have {MOST_OPERATIONS} operations, not {len(operations)}")
    return [_fields(each, f"An operation is a JSON object, not {shown(each)}") for each in operations]


def _fields(given: Any, problem: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise refused(Kind.INVALID_SYNTAX, problem)
    return {key.lower(): value for key, value in given.items()}


class _Reader:
    """
    Reads operations one after the other.
    """

    def __init__(self, resource: Resource, uid: str) -> None:
        self._resource, self._uid = resource, uid
        self.passed_over: dict[str, None] = {}

    def steps(self, operation: Mapping[str, Any]) -> Iterator[Step]:
        op = _op(operation.get("op"))
        path, value = operation.get("path"), operation.get("value")
        if path in (None, ""):
            if op is Op.REMOVE:
                raise refused(Kind.NO_TARGET, "remove needs a path")
            return self._of_object(op, value, "")
        if not isinstance(path, str):
            raise refused(Kind.INVALID_PATH, f"A path is a text, not {shown(path)}")
        urn, rest = self._resource.split(path)
        if urn is not None and not rest:
            return self._of_schema(op, value, urn)
        return self._of_path(op, path, value)

    def _of_schema(self, op: Op, value: Any, urn: str) -> Iterator[Step]:
        """
        Yield the steps about the whole of an extension.
        """
        if op is not Op.REMOVE:
            yield from self._of_object(op, value, f"{urn}:")
            return
        table = next(each for each in self._resource.tables if each.urn == urn)
        for row in table.attributes:
            if row.mutability is not Mutability.READ_ONLY:
                yield Step(op, Place(table, row))

    def _of_object(self, op: Op, value: Any, prefix: str) -> Iterator[Step]:
        """
        Yield the steps of an object whose keys are paths. As in a PUT, what is read-only or unknown in it is passed
        over.
        """
        given = value[0] if isinstance(value, list) and len(value) == 1 else value
        if not isinstance(given, Mapping):
            raise refused(Kind.INVALID_VALUE, f"Without a path the value must be an object, not {shown(value)}")
        for key, each in given.items():
            urn, rest = self._resource.split(key)
            if urn is not None and not rest and not prefix:
                if not is_empty(each):
                    yield from self._of_object(op, each, f"{urn}:")
            else:
                yield from self._of_key(op, f"{prefix}{key}", each)

    def _of_key(self, op: Op, path: str, value: Any) -> Iterator[Step]:
        try:
            yield from self._of_path(op, path, value)
        except Problem as problem:
            if problem.kind not in {Kind.INVALID_PATH, Kind.MUTABILITY} or path.lower() == "id":
                raise
            self.passed_over[path] = None

    def _of_path(self, op: Op, path: str, value: Any) -> Iterator[Step]:
        pieces = parsed_path(path)
        place = self._place(pieces)
        if place is None:
            self.passed_over[path] = None
            return
        row, part = place.attribute, place.part
        if row.name == "id" and value == self._uid:
            return
        if row.mutability is Mutability.READ_ONLY:
            raise refused(Kind.MUTABILITY, f"{path} is read-only")
        if part is not None and part.mutability is Mutability.READ_ONLY:
            self.passed_over[path] = None
            return
        if pieces.chosen is not None:
            # For the sake of its errors.
            matcher(pieces.chosen, inside(self._resource, place))
        yield Step(op, place, value, pieces.chosen)

    def _place(self, pieces: PatchPath) -> Place | None:
        """
        Return what a path names; None for what is known to be sent in vain. Raises Problem (400, invalidPath).
        """
        place = self._resource.find(pieces.attribute)
        if place is None:
            self._refuse_unknown(pieces.attribute)
            return None
        if pieces.chosen is None:
            return place
        if place.part is not None or not place.attribute.many:
            raise refused(Kind.INVALID_PATH, f"{pieces.attribute} is no list to choose from")
        if pieces.part is None:
            return place
        part = place.attribute.part(pieces.part)
        if part is not None:
            return replace(place, part=part)
        if is_standard_part(pieces.part):
            return None
        raise refused(Kind.INVALID_PATH, f"{place.attribute.name} has no part {shown(pieces.part)}")

    def _refuse_unknown(self, path: str) -> None:
        urn, rest = self._resource.split(path)
        name, _, part = rest.lower().partition(".")
        known = self._resource.find(f"{urn}:{name}" if urn else name)
        standard = is_standard_part(part) if known else name in ATTRIBUTES
        if not standard and not rest.lower().startswith("urn:"):
            raise refused(Kind.INVALID_PATH, f"{self._resource.name} has no attribute {shown(path)}")


def _op(given: Any) -> Op:
    try:
        return Op(given.lower())
    except (AttributeError, ValueError):
        raise refused(Kind.INVALID_SYNTAX, f"op is add, replace or remove, not {shown(given)}") from None


def _is_rival(step: Step, held: set[str | None]) -> bool:
    """
    Whether a step writes another value into what the userName is kept in: Entra sends an e-mail beside it, Webex has
    one address.
    """
    row = step.place.attribute
    return row.model in held and row.name != "userName"
