"""
Object classes that break one promise each, to prove that the contract checks complain.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from fakes.memory_connector import WritingHandler
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, replaced
from webex_connector.icf.filters import EVERYTHING, NOTHING, Compare, Filter
from webex_connector.icf.objects import Batch, ConnectorObject, WriteResult
from webex_connector.icf.operations import Translation
from webex_connector.icf.options import OperationOptions


class DropsAnAttribute(WritingHandler):
    """
    A create forgets the department.
    """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Add a row without the department.
        """
        return await super().create({key: each for key, each in attributes.items() if key != "department"}, options)


class ShowsAnother(WritingHandler):
    """
    A create shows another name than it wrote.
    """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Add a row, and show one that differs.
        """
        result = await super().create(attributes, options)
        if result.after is None:
            return result
        return replace(result, after=replace(result.after, attributes={"displayName": ("Somebody else",)}))


class TakesNamesTwice(WritingHandler):
    """
    Names are not unique.
    """

    def _refuse_taken(self, attributes: Attributes, but: str | None) -> None:
        pass


class KeepsTheDeleted(WritingHandler):
    """
    A delete says yes and does nothing.
    """

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Say yes.
        """
        return WriteResult(uid)


class DeletesNobody(WritingHandler):
    """
    A delete of nobody says yes.
    """

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Drop a row if there is one.
        """
        return await super().delete(uid, options) if uid in self.rows else WriteResult(uid)


class UpdatesNobody(WritingHandler):
    """
    An update of nobody says yes.
    """

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change a row if there is one.
        """
        return await super().update(uid, deltas, options) if uid in self.rows else WriteResult(uid)


class UpdatesNothing(WritingHandler):
    """
    An update says yes and does nothing.
    """

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Say yes.
        """
        return WriteResult(uid)


class UpdatesTooMuch(WritingHandler):
    """
    An update is a full replace: what it does not mention and the target does not need goes away.
    """

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change a row, and lose its department.
        """
        result = await super().update(uid, deltas, options)
        self.rows[uid].pop("department", None)
        return result


class NeverClears(WritingHandler):
    """
    A change to no values is taken for no change.
    """

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change a row by what has values.
        """
        return await super().update(uid, [delta for delta in deltas if delta.values], options)


class RemovesWhatever(WritingHandler):
    """
    Removing any value from an attribute of one value clears it.
    """

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change a row, clearing what something is removed from.
        """
        careless = [
            replaced(delta.name) if delta.remove and not self.info.attribute(delta.name).many else delta
            for delta in deltas
        ]
        return await super().update(uid, careless, options)


class AddsTwice(WritingHandler):
    """
    A value that is there already is added again.
    """

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change a row, doubling values.
        """
        before = self.rows[uid]
        doubled = {each.name: [*before.get(each.name, []), *each.add] for each in deltas if each.add}
        result = await super().update(uid, deltas, options)
        self.rows[uid].update(doubled)
        return result


class RunsWet(WritingHandler):
    """
    A dry create is a real one.
    """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Add a row whatever the options say.
        """
        return await super().create(attributes, replace(options, dry_run=False))


class WithholdsInSilence(WritingHandler):
    """
    A dry create looks like a real one.
    """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Add a row, or pretend to.
        """
        return replace(await super().create(attributes, options), withheld=())


class InventsPeople(WritingHandler):
    """
    A get of nobody brings an empty object.
    """

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read a row or make one up.
        """
        if uid in self.rows:
            return await super().get(uid, wanted, options)
        return ConnectorObject(self.info.name, uid, None, {})


class ReadsOtherwise(WritingHandler):
    """
    A get brings another title than a search.
    """

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read a row with a title of its own.
        """
        found = await super().get(uid, wanted, options)
        return replace(found, attributes={**found.attributes, "title": ("Read alone",)})


class Overclaims(WritingHandler):
    """
    The target is said to evaluate every filter, and evaluates none.
    """

    def translate(self, node: Filter) -> Translation:
        """
        Drop the filter.
        """
        return Translation(EVERYTHING, EVERYTHING)


class KnowsNoNames(WritingHandler):
    """
    The target is said to look for names, and finds nobody by them.
    """

    def translate(self, node: Filter) -> Translation:
        """
        Drop what asks for a name.
        """
        if isinstance(node, Compare) and node.attribute == names.NAME:
            return Translation(NOTHING, EVERYTHING)
        return super().translate(node)


class _Streaming(WritingHandler):
    def altered(self, batch: Batch, options: OperationOptions) -> Batch:
        """
        Return what becomes of a batch.
        """
        return batch

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream batches, altered.
        """
        async for batch in super().search(native, wanted, resume, options):
            yield self.altered(batch, options)


class HidesTheNew(_Streaming):
    """
    What was just made is not listed yet.
    """

    def altered(self, batch: Batch, options: OperationOptions) -> Batch:
        """
        Leave out what this connector has made.
        """
        return replace(batch, objects=[each for each in batch.objects if not each.uid.startswith("Account-")])


class ListsTwice(_Streaming):
    """
    The first object of each batch comes twice.
    """

    def altered(self, batch: Batch, options: OperationOptions) -> Batch:
        """
        Double the first object.
        """
        return replace(batch, objects=batch.objects[:1] + batch.objects)


class ResumesTooFar(_Streaming):
    """
    The mark of a batch is one object too far.
    """

    def altered(self, batch: Batch, options: OperationOptions) -> Batch:
        """
        Move the mark.
        """
        return batch if batch.resume is None else replace(batch, resume=str(int(batch.resume) + 1))


class TurnsPages(_Streaming):
    """
    A page has another order than the whole.
    """

    def altered(self, batch: Batch, options: OperationOptions) -> Batch:
        """
        Turn pages round.
        """
        return replace(batch, objects=batch.objects[::-1]) if options.page_size else batch


class Miscounts(_Streaming):
    """
    The total counts more than what matches.
    """

    def altered(self, batch: Batch, options: OperationOptions) -> Batch:
        """
        Add to the total.
        """
        return replace(batch, total=len(self.rows) + 1)
