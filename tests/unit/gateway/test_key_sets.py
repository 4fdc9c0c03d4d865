"""
The keys of issuers: fetched when they are needed, and seldom.
"""

import asyncio

import pytest

from fakes.issuer import SigningIssuer
from fakes.virtual_time import VirtualClock
from webex_connector.gateway.key_sets import BETWEEN, KEPT, USED_AT_MOST, KeySets, NotFetched
from webex_connector.icf.errors import ConnectionFailed

PLACE = "https://login.example.com/keys"


class _Mute(SigningIssuer):
    """
    An issuer that may not answer.
    """

    answers: bool = True

    async def fetched(self, address: str) -> bytes:
        """
        Answer, or not.
        """
        content = await super().fetched(address)
        if not self.answers:
            raise NotFetched("the answer is 502")
        return content


async def test_keys_are_fetched_once(clock: VirtualClock) -> None:
    """
    For all who need them at the same moment, and for an hour.
    """
    issuer = SigningIssuer()
    sets = KeySets(issuer.fetched, clock)
    await asyncio.gather(*(sets.fitting(PLACE, "key-1") for _ in range(5)))
    await clock.sleep(KEPT - 1)
    assert 1 == len(await sets.fitting(PLACE, "key-1"))
    assert 1 == issuer.fetches
    await clock.sleep(1)
    await sets.fitting(PLACE, "key-1")
    assert 2 == issuer.fetches


async def test_a_new_key_is_fetched_but_not_more_than_once_a_minute(clock: VirtualClock) -> None:
    """
    Made-up names of keys cost the issuer one request a minute; a key that is there by then is found.
    """
    issuer = SigningIssuer()
    sets = KeySets(issuer.fetched, clock)
    await sets.fitting(PLACE, "key-1")
    issuer.rotate("key-2")
    for number in range(20):
        assert () == await sets.fitting(PLACE, f"guess-{number}")
    assert 1 == issuer.fetches
    await clock.sleep(BETWEEN)
    assert 1 == len(await sets.fitting(PLACE, "key-2"))
    assert () == await sets.fitting(PLACE, "key-1")
    assert 2 == issuer.fetches


async def test_an_issuer_that_does_not_answer_is_not_the_callers_fault(clock: VirtualClock) -> None:
    """
    Keys that are known are gone by for a day; after that, and before the first, nobody can tell.
    """
    issuer = _Mute()
    issuer.answers = False
    sets = KeySets(issuer.fetched, clock)
    for _ in range(3):
        with pytest.raises(ConnectionFailed, match=f"The keys at {PLACE} cannot be had: the answer is 502"):
            await sets.fitting(PLACE, "key-1")
    assert 1 == issuer.fetches
    issuer.answers = True
    await clock.sleep(BETWEEN)
    await sets.fitting(PLACE, "key-1")
    issuer.answers = False
    await clock.sleep(USED_AT_MOST)
    assert 1 == len(await sets.fitting(PLACE, "key-1"))
    with pytest.raises(ConnectionFailed, match="New keys at"):
        await sets.fitting(PLACE, "key-2")
    await clock.sleep(1)
    with pytest.raises(ConnectionFailed):
        await sets.fitting(PLACE, "key-1")


async def test_an_answer_without_keys_takes_none_away(clock: VirtualClock) -> None:
    """
    A page of some proxy is no empty set of keys.
    """
    contents = [SigningIssuer().key_set(), b"<html>"]

    async def fetched(_: str) -> bytes:
        return contents.pop(0)

    sets = KeySets(fetched, clock)
    await sets.fitting(PLACE, "key-1")
    await clock.sleep(KEPT)
    assert 1 == len(await sets.fitting(PLACE, "key-1"))
    assert [] == contents
