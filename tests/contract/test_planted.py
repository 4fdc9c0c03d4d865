"""
Every contract check complains about the violation planted for it, so that none of them passes whatever happens.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from fakes import broken_facades, broken_handlers, memory_following
from fakes.memory_connector import Pushdown, Traits, WritingHandler
from fakes.memory_schema import ROLES
from fakes.memory_subjects import facade_of, inhabited, subject_of
from webex_connector.icf import names
from webex_connector.icf.contract import changing, following
from webex_connector.icf.contract.checks import CHECKS, Check
from webex_connector.icf.contract.subject import Subject
from webex_connector.icf.facade import Facade


@dataclass(frozen=True)
class Plant:
    """
    A violation, and words of the complaint about it.
    """

    complaint: str
    handler: type[WritingHandler] = WritingHandler
    facade: type[Facade] = Facade
    pushdown: Pushdown = Pushdown.NOTHING
    object_class: str = names.ACCOUNT

    def subject(self) -> Subject:
        """
        Return the object class with the violation.
        """
        connector = inhabited(Traits(self.pushdown))
        rows = connector.world[names.ACCOUNT]
        info = connector.handlers[names.ACCOUNT].info
        connector._handlers[names.ACCOUNT] = self.handler(info, rows, connector.traits, connector.traffic)
        return subject_of(self.object_class, facade_of(connector, self.facade))


def _lenient(complaint: str) -> Plant:
    return Plant(complaint, facade=broken_facades.DropsWhatItDislikes)


PLANTS = {
    "a created object is read back": Plant("department was created as", broken_handlers.DropsAnAttribute),
    "a create shows the object it made": Plant("showed displayName as", broken_handlers.ShowsAnother),
    "a create refuses a uid": _lenient("with a uid must raise InvalidInput, and was accepted"),
    "a create refuses an attribute given twice": _lenient("and was accepted"),
    "a create refuses an unknown attribute": _lenient("unknown attribute must raise UnknownAttribute"),
    "a create refuses a missing required attribute": _lenient("without displayName must raise"),
    "a create refuses a read only attribute": _lenient("read-only created must raise"),
    "a name belongs to one object": Plant("must raise AlreadyExists", broken_handlers.TakesNamesTwice),
    "a deleted object is gone": Plant("A get of a deleted object", broken_handlers.KeepsTheDeleted),
    "a second delete is told": Plant("A second delete must raise UnknownUid", broken_handlers.DeletesNobody),
    "a new object is listed": Plant("is not listed", broken_handlers.HidesTheNew),
    "a get of nobody is told": Plant("must raise UnknownUid", broken_handlers.InventsPeople),
    "a dry run changes nothing": Plant("A dry create must leave everything", broken_handlers.RunsWet),
    "a dry run says so": Plant("does not say what it withheld", broken_handlers.WithholdsInSilence),
    "an update does what it says": Plant("title should read", broken_handlers.UpdatesNothing),
    "an update leaves the rest alone": Plant("did not mention department", broken_handlers.UpdatesTooMuch),
    "an update clears": Plant("title was cleared", broken_handlers.NeverClears),
    "an update removes what is there": Plant("after another value was removed", broken_handlers.RemovesWhatever),
    "an update adds and removes": Plant("After the second time of adding", broken_handlers.AddsTwice),
    "an update of nobody is told": Plant("must raise UnknownUid", broken_handlers.UpdatesNobody),
    "an update refuses an unknown attribute": _lenient("must raise UnknownAttribute"),
    "an update refuses an attribute changed twice": _lenient("changes an attribute twice must raise"),
    "an update refuses a read only attribute": _lenient("An update of read-only orgId must raise"),
    "a search lists each object once": Plant("brought an object twice", broken_handlers.ListsTwice),
    "a get and a search agree": Plant("and read alone it is", broken_handlers.ReadsOtherwise),
    "an object is found by its uid": Plant("for the uid", broken_handlers.Overclaims),
    "an object is found by its name": Plant("for the name", broken_handlers.KnowsNoNames),
    "filters mean what they say": Plant("of the objects listed", broken_handlers.Overclaims),
    "only the attributes asked for come": Plant("alone should bring", facade=broken_facades.ShowsEverything),
    "shy attributes come only when asked for": Plant(
        "without being asked", facade=broken_facades.ShowsEverything, object_class=names.GROUP
    ),
    "the defaults come unasked": Plant("A get did not bring", facade=broken_facades.ShowsNothingUnasked),
    "the defaults come beside those asked for": Plant("did not come", facade=broken_facades.ForgetsTheDefaults),
    "a search refuses unknown attributes": Plant("was accepted", facade=broken_facades.IgnoresStrangers),
    "pages bring everything once": Plant("Pages of 1 brought", broken_handlers.ResumesTooFar),
    "pages keep the order": Plant("another order", broken_handlers.TurnsPages),
    "an offset skips": Plant("An offset of 1", facade=broken_facades.IgnoresOffset),
    "a sort orders everything": Plant("Sorted by name, descending", facade=broken_facades.IgnoresSort),
    "a sort refuses an unknown attribute": Plant("was accepted", facade=broken_facades.IgnoresSort),
    "an exact total is exact": Plant("The total of", broken_handlers.Miscounts, pushdown=Pushdown.EVERYTHING),
    "an estimated total is true or absent": Plant(
        "The estimated total of",
        broken_handlers.Miscounts,
        pushdown=Pushdown.EVERYTHING,
    ),
    "a cookie serves its own query": Plant("A cookie of another filter", facade=broken_facades.IgnoresCookies),
    "the token of now tells nothing": Plant("and nothing has changed", memory_following.RepeatsEverything),
    "a damaged token is refused": Plant("A sync from '' must raise InvalidInput", memory_following.TakesAnyToken),
    "a sync without a token tells everything": Plant("deltas tell of", memory_following.TellsOfOne),
    "the last token tells nothing": Plant("After everything was told of", memory_following.RepeatsEverything),
    "a new object is told until acknowledged": Plant("As long as it is not", memory_following.TellsOnce),
    "a deletion is told until acknowledged": Plant("is told of as 0", memory_following.NeverTellsOfDeletions),
    "a consumer may stop anywhere": Plant("After the first of two", memory_following.AcknowledgesAll),
    "an update is told until acknowledged": Plant("The delta shows title", memory_following.ShowsTheOldTitle),
    "operations it lacks are refused": Plant(
        "DELETE of ROLES must raise UnsupportedOperation",
        facade=broken_facades.SaysYes,
        object_class=ROLES,
    ),
    "an unknown object class is refused": Plant("must raise UnknownObjectClass", facade=broken_facades.SaysYes),
    "an object class answers in any case": Plant(
        "holds other objects",
        facade=broken_facades.ReadsClassesByTheLetter,
    ),
}
"""
The violation for each check, by the check's name.
"""


def test_every_check_has_its_violation() -> None:
    """
    Nobody can add a check without planting what it should find.
    """
    assert [check.name for check in CHECKS] == list(PLANTS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
async def test_check_complains_about_its_violation(check: Check) -> None:
    """
    The check finds the violation planted for it, and says which it is.
    """
    plant = PLANTS[check.name]

    with pytest.raises(AssertionError, match=plant.complaint):
        await check.run(plant.subject())


@pytest.mark.parametrize(
    ("check", "handler", "complaint"),
    [
        (changing.a_deleted_object_is_gone, WritingHandler, "should be there, not enabled"),
        (
            following.a_deletion_is_told_until_acknowledged,
            memory_following.FollowedHandler,
            "and shows it as enabled",
        ),
    ],
)
async def test_check_complains_when_a_target_erases_that_should_not(
    check: Callable[[Subject], Awaitable[None]], handler: type[WritingHandler], complaint: str
) -> None:
    """
    Where deletions are said to disable, an object that is gone afterwards is a violation.
    """
    with pytest.raises(AssertionError, match=complaint):
        await check(replace(Plant(complaint, handler).subject(), erases=False, nobody="none"))
