"""
Users of a classic site: made, changed, disabled, unlocked, given passwords, found.
"""

from dataclasses import replace

import pytest

from fakes.classic_site import PASSWORD, ClassicSite, new_user, running_site
from fakes.hub import OPTIONS
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed, replaced
from webex_connector.icf.errors import (
    AlreadyExists,
    BadCredentials,
    CallerRefused,
    InvalidAttributeValue,
    InvalidCredential,
    PasswordExpired,
    PermissionDenied,
    UnknownUid,
    UnsupportedOperation,
)
from webex_connector.icf.filters import And, Compare, Filter, Operator, Or, equals
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.sandbox.faults import Delay, Fault, Throttle
from webex_connector.sandbox.meetings_site.quirks import SiteQuirks

ACCOUNT, SAMPLE = names.ACCOUNT, "jdoe"


async def update(running: ClassicSite, *deltas: AttributeDelta, uid: str = SAMPLE) -> WriteResult:
    """
    Change a user.
    """
    return await running.facade.update(ACCOUNT, uid, deltas, OPTIONS)


async def read(running: ClassicSite, uid: str = SAMPLE) -> ConnectorObject:
    """
    Read a user.
    """
    return await running.facade.get(ACCOUNT, uid, OPTIONS)


async def found(running: ClassicSite, node: Filter, *wanted: str) -> list[ConnectorObject]:
    """
    Look for users.
    """
    options = replace(OPTIONS, attributes_to_get=wanted or None)
    return [each async for batch in running.facade.search(ACCOUNT, node, options) for each in batch]


async def test_a_new_user_is_enabled_and_shown_whole(running: ClassicSite) -> None:
    """
    With the password it can log in at once; the result shows the user as read back, and nothing is missing.
    """
    result = await running.facade.create(ACCOUNT, new_user(), OPTIONS)

    user = running.site.world.user("zoe1")
    assert user is not None
    assert user.is_active
    assert user.has_password(PASSWORD)
    assert result.after is not None
    assert result.not_applied == ()
    assert result.after.values("lastName") == ("Ny & <1>",)
    assert result.after.values(names.ENABLE) == (True,)
    assert result.after.values("phone") == ("49,30,5550100",)
    assert running.asked == ["CreateUser", "GetUser"]


@pytest.mark.parametrize(
    ("attribute", "value", "whose"), [("webExId", SAMPLE, SAMPLE), ("email", "john@example.wbx.ai", SAMPLE)]
)
async def test_who_holds_a_name_or_an_address_is_told(
    running: ClassicSite, attribute: str, value: str, whose: str
) -> None:
    """
    Also where they are deactivated, since a site frees neither: whoever comes back is to be enabled.
    """
    await update(running, AttributeDelta(names.ENABLE, replace=(False,)))

    with pytest.raises(AlreadyExists, match="deactivated: enable them instead") as caught:
        await running.facade.create(ACCOUNT, {**new_user(), attribute: (value,)}, OPTIONS)

    assert caught.value.uid == whose
    dry = replace(OPTIONS, dry_run=True)
    with pytest.raises(AlreadyExists):
        await running.facade.create(ACCOUNT, {**new_user(), attribute: (value,)}, dry)


async def test_only_what_differs_is_written(running: ClassicSite) -> None:
    """
    Nothing at all where all is as asked; neither the masked password nor the commas of telephones go back.
    """
    before = await read(running)
    nothing = await update(
        running, replaced("lastName", "Doe"), replaced("sessionTypes", *before.values("sessionTypes"))
    )
    assert (nothing.changed, running.asked[-1]) == (False, "GetUser")

    running.site.trace.clear()
    await update(running, replaced("title", "Boss"), replaced("firstName", "John"))

    user = running.site.world.user(SAMPLE)
    assert user is not None
    assert user.field("title") == "Boss"
    assert running.asked == ["GetUser", "SetUser", "GetUser"]
    assert running.site.world.writes == 1


async def test_session_types_are_a_set_that_is_written_whole(running: ClassicSite) -> None:
    """
    One that joins leaves the others; one without licences left is refused by its number, and nothing changes.
    """
    await update(running, added("sessionTypes", "216"))
    await update(running, added("sessionTypes", "218"), removed("privileges", "host"))

    user = running.site.world.user(SAMPLE)
    assert user is not None
    assert set(user.meeting_types) >= {214, 216, 218}
    assert not user.may("host")
    for number in range(5):
        await running.facade.create(ACCOUNT, {**new_user(number), "sessionTypes": ("222",)}, OPTIONS)
    with pytest.raises(InvalidAttributeValue, match=r"no licence left.*222") as caught:
        await update(running, added("sessionTypes", "222"))
    assert caught.value.attribute == "sessionTypes"


async def test_privileges_are_written_one_by_one(running: ClassicSite) -> None:
    """
    Only those that change are named, so that one the site does not support is never sent by accident.
    """
    await update(running, added("privileges", "recordingEditor"), added("supportedServices", "trainingCenter"))
    after = await read(running)

    assert {"host", "otherTelephony", "recordingEditor"} <= set(after.values("privileges"))
    assert "trainingCenter" in after.values("supportedServices")
    with pytest.raises(InvalidAttributeValue, match="international local call-in") as caught:
        await update(running, added("privileges", "teleConfCallInInternational"))
    assert caught.value.attribute == "privileges"
    with pytest.raises(InvalidAttributeValue, match="privileges has no 'flying'"):
        await update(running, added("privileges", "flying"))


async def test_a_locked_user_is_unlocked(running: ClassicSite) -> None:
    """
    Locked by wrong passwords, unlocked by `__LOCK_OUT__`, and locked by it again.
    """
    await update(running, replaced(names.PASSWORD, PASSWORD))
    for _ in range(5):
        with pytest.raises(InvalidCredential):
            await running.facade.authenticate(ACCOUNT, SAMPLE, "wrong", OPTIONS)
    with pytest.raises(BadCredentials, match="locked"):
        await running.facade.authenticate(ACCOUNT, SAMPLE, PASSWORD, OPTIONS)
    assert (await read(running)).values(names.LOCK_OUT) == (True,)

    await update(running, AttributeDelta(names.LOCK_OUT, replace=(False,)))

    assert await running.facade.authenticate(ACCOUNT, SAMPLE, PASSWORD, OPTIONS) == SAMPLE
    await update(running, AttributeDelta(names.LOCK_OUT, replace=(True,)))
    assert (await read(running)).values(names.LOCK_OUT) == (True,)


async def test_a_password_is_set_reset_and_forced(running: ClassicSite) -> None:
    """
    Set by the administrator, to be changed at the next log-in; reset, it is mailed by the site; neither is shown.
    """
    await update(running, replaced(names.PASSWORD, PASSWORD), AttributeDelta("forceChangePassword", replace=(True,)))
    with pytest.raises(PasswordExpired):
        await running.facade.authenticate(ACCOUNT, SAMPLE, PASSWORD, OPTIONS)
    assert (await read(running)).values(names.PASSWORD) == ()

    await update(running, AttributeDelta("resetPassword", replace=(True,)))

    assert [mail.about for mail in running.site.world.mails] == ["password-reset"]
    user = running.site.world.user(SAMPLE)
    assert user is not None
    assert user.must_change
    assert not user.has_password(PASSWORD)


async def test_a_refused_password_tells_the_rules_of_the_site(running: ClassicSite) -> None:
    """
    Too short or used before: the error names the attribute and says what the site wants, and never the password.
    """
    await update(running, replaced(names.PASSWORD, PASSWORD))
    for bad in ("aB3", PASSWORD):
        with pytest.raises(InvalidAttributeValue, match="at least 8 characters") as caught:
            await update(running, replaced(names.PASSWORD, Secret(bad)))
        assert caught.value.attribute == names.PASSWORD
        assert bad not in caught.value.message


async def test_where_nobody_sets_passwords_a_reset_is_advised(clock: VirtualClock) -> None:
    """
    Some sites let administrators only reset.
    """
    async with running_site(clock, quirks=SiteQuirks(admins_set_passwords=False)) as running:
        with pytest.raises(PermissionDenied, match="Set resetPassword instead"):
            await update(running, replaced(names.PASSWORD, PASSWORD))
        await update(running, AttributeDelta("resetPassword", replace=(True,)))


async def test_deleting_deactivates_and_says_so(running: ClassicSite) -> None:
    """
    The user stays, is told in the result to stay, and can be enabled again; a second deletion changes nothing.
    """
    result = await running.facade.delete(ACCOUNT, SAMPLE, OPTIONS)

    assert "erases none" in result.not_applied[0].reason
    assert not result.not_applied[0].asked
    assert (await read(running)).values("active") == ("DEACTIVATED",)
    assert not (await running.facade.delete(ACCOUNT, SAMPLE, OPTIONS)).changed
    await update(running, AttributeDelta(names.ENABLE, replace=(True,)))
    assert (await read(running)).values(names.ENABLE) == (True,)
    with pytest.raises(UnknownUid):
        await running.facade.delete(ACCOUNT, "nobody", OPTIONS)


async def test_whoever_logs_in_stays(running: ClassicSite) -> None:
    """
    The user of this system is neither deactivated nor relieved of the site's administration, however the id is
    written; anything else about that user changes, and of another administrator that, too.
    """
    own = running.site.credentials.web_ex_id
    privileges = (await read(running, own)).values("privileges")
    await update(running, added("privileges", "siteAdmin"))
    running.site.trace.clear()
    disabled, resigned = AttributeDelta(names.ENABLE, replace=(False,)), removed("privileges", "siteAdmin")
    for harm, told in ((disabled, "not deactivated"), (resigned, "not relieved of siteAdmin")):
        with pytest.raises(CallerRefused, match=told):
            await update(running, replaced("firstName", "Gone"), harm, uid=own.upper())
    with pytest.raises(CallerRefused, match="another administrator's webExId"):
        await running.facade.delete(ACCOUNT, own.upper(), OPTIONS)
    assert {"GetUser"} == set(running.asked)

    await update(running, replaced("firstName", "Site"), uid=own)
    await update(running, resigned)
    await update(running, disabled)
    after = await read(running, own)
    assert (privileges, (True,), ("Site",)) == tuple(
        after.values(name) for name in ("privileges", names.ENABLE, "firstName")
    )
    assert (False,) == (await read(running)).values(names.ENABLE)


async def test_a_user_whom_the_site_keeps_is_told(clock: VirtualClock) -> None:
    """
    A site keeps whom an access token stands for, whatever WebEx ID is configured beside it, and gives no reason.
    """
    async with running_site(clock, password=None, accessToken="hers", webExId=SAMPLE) as running:
        own = running.site.credentials.web_ex_id
        running.site.world.access_tokens["hers"] = own
        with pytest.raises(PermissionDenied, match="does not deactivate"):
            await running.facade.delete(ACCOUNT, own, OPTIONS)
        assert (True,) == (await read(running, own)).values(names.ENABLE)


async def test_many_leave_by_fifties(clock: VirtualClock) -> None:
    """
    A hundred and twenty deletions take three requests; whoever is not there, or is kept, is told by name.
    """
    async with running_site(clock, users=130) as running:
        uids = [each.web_ex_id for each in running.site.world.users() if each.is_active][3:121]
        changes = [ChangeRequest(Change.DELETE, uid) for uid in [*uids, "nobody", running.site.credentials.web_ex_id]]

        outcomes = await running.facade.apply_many(ACCOUNT, changes, OPTIONS)

        assert running.asked.count("DelUser") <= 4
        assert [each.fate for each in outcomes] == [Fate.DONE] * len(uids) + [Fate.REFUSED] * 2
        assert isinstance(outcomes[-2].error, UnknownUid)
        assert isinstance(outcomes[-1].error, CallerRefused)
        gone = [running.site.world.user(uid) for uid in uids]
        assert not any(each.is_active for each in gone if each is not None)


async def test_a_search_reads_single_users_only_for_what_the_listing_lacks(running: ClassicSite) -> None:
    """
    The defaults cost one request for everybody; privileges one more for each user, a few at a time.
    """
    everybody = await found(running, Compare("webExId", Operator.CONTAINS, ""))
    assert (len(everybody), running.asked) == (20, ["LstsummaryUser"])
    running.site.trace.clear()

    detailed = await found(running, Compare("webExId", Operator.CONTAINS, ""), "privileges", "email")

    assert sorted(running.asked) == ["GetUser"] * 20 + ["LstsummaryUser"]
    assert sum("siteAdmin" in each.values("privileges") for each in detailed) == 1


@pytest.mark.parametrize(
    ("node", "sent"),
    [
        (equals("email", "john@example.wbx.ai"), "<email>john@example.wbx.ai</email>"),
        (And((equals("firstName", "John"), equals("lastName", "Doe"))), "<firstName>John</firstName><lastName>Doe<"),
        (
            And((equals(names.ENABLE, value=True), Compare("lastName", Operator.CONTAINS, "oe"))),
            "<active>ACTIVATED</active>",
        ),
        (Compare("registrationDate", Operator.GREATER, "2016-06-01T00:00:00Z"), "<regDateStart>05/31/2016"),
    ],
)
async def test_conditions_go_to_the_site(running: ClassicSite, node: Filter, sent: str) -> None:
    """
    What the listing evaluates is asked for, and tested again on what comes.
    """
    everybody = await found(running, Compare("webExId", Operator.CONTAINS, ""))
    running.site.trace.clear()
    running.site.faults.add(Fault(Delay(0.1), to="POST user.LstsummaryUser", body=sent))

    some = await found(running, node)
    running.site.faults.verify()

    assert 0 < len(some) <= len(everybody)
    assert running.asked == ["LstsummaryUser"]
    assert {each.uid for each in some} == {each.uid for each in everybody if each in some}


async def test_users_are_read_by_their_names(running: ClassicSite) -> None:
    """
    A search by WebEx ID lists nobody.
    """
    some = await found(running, Or((equals(names.NAME, SAMPLE), equals("webExId", "site-auditor"))))

    assert sorted(each.uid for each in some) == [SAMPLE, "site-auditor"]
    assert running.asked == ["GetUser", "GetUser"]


@pytest.mark.parametrize(
    ("attribute", "value", "problem"),
    [
        ("company", "x" * 129, "longer than the 128 characters"),
        ("company", "bell \x07", "no form for"),
        ("company", " x", "begins or ends with white space"),
        ("addressType", "HOME", "must be one of PERSONAL, GLOBAL"),
        ("expirationDate", "tomorrow", "must be a moment"),
        ("timeZoneID", "Berlin", "takes numbers"),
        ("sessionTypes", "PRO", "takes numbers"),
        ("language", "KLINGON", "does not know the language"),
        ("email", "nobody", "does not take"),
        ("email", "ada.admin@acme.example", "another user has it|is taken"),
    ],
)
async def test_values_that_no_site_takes_are_named(
    running: ClassicSite, attribute: str, value: str, problem: str
) -> None:
    """
    By attribute, problem and what to do, and nothing is changed.
    """
    admin = next(running.site.world.users())
    value = admin.email if value.startswith("ada.") else value

    with pytest.raises((InvalidAttributeValue, AlreadyExists), match=problem):
        await update(running, replaced(attribute, value), replaced("title", "Boss"))

    assert running.site.world.writes == 0


async def test_where_control_hub_manages_a_site_its_refusals_are_told(clock: VirtualClock) -> None:
    """
    Names are changed in Control Hub; session types are changed here, and the number of the person is shown when asked.
    """
    quirks = SiteQuirks(control_hub_managed=True)
    async with running_site(clock, quirks=quirks) as running:
        uid = next(each.web_ex_id for each in running.site.world.users() if each.field("lastName") == "Doe")
        user = running.site.world.user(uid)
        assert user is not None

        with pytest.raises(Exception, match="lastName"):
            await update(running, replaced("lastName", "Other"), uid=uid)
        await update(running, added("sessionTypes", "216"), uid=uid)
        options = replace(OPTIONS, attributes_to_get=("objectGUID",))

        assert (await running.facade.get(ACCOUNT, uid, options)).values("objectGUID") == (user.guid,)
        assert running.site.world.writes == 1


async def test_a_spent_minute_delays_and_loses_nothing(running: ClassicSite, clock: VirtualClock) -> None:
    """
    000045 in the middle of a listing with details: everybody waits a minute, then it goes on.
    """
    running.site.faults.add(Fault(Throttle(), to="POST user.GetUser", attempt=5))
    began = clock.monotonic()

    detailed = await found(running, Compare("webExId", Operator.CONTAINS, ""), "privileges")

    assert len(detailed) == 20
    assert clock.monotonic() - began >= 60
    running.site.faults.verify()


async def test_where_users_have_no_passwords_none_can_be_checked(clock: VirtualClock) -> None:
    """
    With single sign-on nobody's password is checked here, and that is no failure of our own log-in.
    """
    quirks = SiteQuirks(single_sign_on=True)
    async with running_site(clock, quirks=quirks, password=None, accessToken="token") as running:
        running.site.world.access_tokens["token"] = running.site.credentials.web_ex_id

        with pytest.raises(UnsupportedOperation):
            await running.facade.authenticate(ACCOUNT, SAMPLE, PASSWORD, OPTIONS)

        assert (await read(running)).uid == SAMPLE
