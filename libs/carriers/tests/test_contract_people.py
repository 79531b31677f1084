"""Every carrier: people text the church, say STOP and come back."""

from uuid import uuid4

import pytest

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import (
    Carrier,
    InboundText,
)
from koinonia.carriers.failures import Failure
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.texts import Group

from .listener import Listener
from .shared import CHURCH, HOOK, PERSON, Bought, Outgoing, failure_of

pytestmark = pytest.mark.parametrize("carrier_name", sorted(CARRIERS))


async def test_a_text_from_a_person_reaches_the_church(
    bought: Bought, carrier: Carrier, network: Network, listener: Listener
) -> None:
    _, number = await bought(CHURCH, f"{listener.url}/in")
    await eventually(lambda: network.pending == 0)
    listener.calls.clear()
    network.arrive_from(PERSON, number, "Amén & + % 🙏", ["https://example.org/1.jpg"])
    (text,) = await listener.heard(carrier, network)
    assert isinstance(text, InboundText)
    assert (text.sender, text.to) == (PERSON, number)
    assert (text.text, text.opt_out_type) == ("Amén & + % 🙏", None)
    assert text.media_urls == ("https://example.org/1.jpg",)


async def test_a_group_text_tells_whom_it_went_to_and_what_the_files_claim_to_be(
    bought: Bought, carrier: Carrier, network: Network, listener: Listener
) -> None:
    _, number = await bought(CHURCH, f"{listener.url}/in")
    await eventually(lambda: network.pending == 0)
    listener.calls.clear()
    files = network.media.keep_all([{"content": "eA==", "contentType": "audio/amr"}], listener.url)
    friends = ["+12025550155", "+12025550156"]
    network.arrive_in_group(PERSON, Group([friends[0], number], [friends[1]]), "Hi", files)
    (text,) = await listener.heard(carrier, network)
    assert isinstance(text, InboundText)
    assert (text.to, text.is_named, text.media_types) == (number, True, ("audio/amr",))
    assert sorted(text.group) == sorted([number, *friends])


async def test_a_stop_is_told_as_answered_by_the_carrier(
    bought: Bought, carrier: Carrier, network: Network, listener: Listener
) -> None:
    _, number = await bought(CHURCH, f"{listener.url}/in")
    await eventually(lambda: network.pending == 0)
    listener.calls.clear()
    network.arrive_from(PERSON, number, "Stop", [])
    (text,) = await listener.heard(carrier, network)
    assert getattr(text, "opt_out_type", None) == "STOP"


async def test_who_said_stop_is_refused_by_all_numbers_of_the_church_and_no_other(
    bought: Bought, carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    profile, number = await bought(CHURCH, HOOK)
    _, second = await bought(CHURCH, HOOK)
    other_profile, other = await bought(uuid4(), HOOK)
    network.arrive_from(PERSON, number, "STOP", [])
    for ours in (number, second):
        text = outgoing(sender=ours, profile_id=profile.profile_id)
        assert (await failure_of(carrier.send(text))).failure is Failure.OPTED_OUT
    assert await carrier.send(outgoing(sender=other, profile_id=other_profile.profile_id))


async def test_who_came_back_is_texted_again(
    bought: Bought, carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    profile, number = await bought(CHURCH, HOOK)
    network.arrive_from(PERSON, number, "STOP", [])
    network.arrive_from(PERSON, number, "START", [])
    assert await carrier.send(outgoing(sender=number, profile_id=profile.profile_id))
