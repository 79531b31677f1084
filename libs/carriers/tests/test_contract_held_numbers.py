"""Every carrier: which numbers the account holds, and putting one back where it belongs."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import Carrier, HeldNumber
from koinonia.carriers.failures import Failure
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state import losses
from koinonia.devkit.carrier.state.numbers import Numbers, Order

from .shared import CHURCH, HOOK, Bought, failure_of

pytestmark = pytest.mark.parametrize("carrier_name", sorted(CARRIERS))


async def listed(carrier: Carrier) -> tuple[list[HeldNumber], int]:
    """What the list says, and in how many calls."""
    calls = 0

    async def turn() -> None:
        nonlocal calls
        calls += 1

    return [number async for number in carrier.held_numbers(turn)], calls


async def test_a_number_in_its_profile_is_told_with_its_church_and_address(
    bought: Bought, carrier: Carrier
) -> None:
    profile, number = await bought(CHURCH, HOOK)
    held = await carrier.held_number(number, profile.profile_id)
    assert held is not None
    assert (held.profile_id, held.church_id, held.texts_url) == (profile.profile_id, CHURCH, HOOK)
    assert ([held], True) == ((await listed(carrier))[0], number not in repr(held))


@pytest.mark.parametrize(
    ("lose", "left"),
    [
        (lambda order, numbers: setattr(order, "profile_id", None), (False, None)),
        (
            lambda order, numbers: setattr(numbers.profiles[order.profile_id], "webhook_url", None),
            (True, None),
        ),
    ],
    ids=["profile", "address"],
)
async def test_what_a_number_lost_is_seen_and_put_back(
    bought: Bought,
    carrier: Carrier,
    network: Network,
    lose: Callable[[Order, Numbers], None],
    left: tuple[bool, str | None],
) -> None:
    profile, number = await bought(CHURCH, HOOK)
    lose(network.numbers.owned[number], network.numbers)
    held = await carrier.held_number(number, profile.profile_id)
    assert held is not None
    assert (held.profile_id is not None, held.texts_url) == left

    ensured = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    for _ in range(2):  # a worker may die and another do it again
        await carrier.connect(held, ensured.profile_id)

    again = await carrier.held_number(number, ensured.profile_id)
    assert again is not None
    assert (again.profile_id, again.texts_url) == (profile.profile_id, HOOK)


async def test_a_number_that_the_account_lost_is_none(
    bought: Bought, carrier: Carrier, network: Network
) -> None:
    profile, number = await bought(CHURCH, HOOK)
    held = await carrier.held_number(number, profile.profile_id)
    network.numbers.lose(network.numbers.owned[number])
    assert held is not None
    assert await carrier.held_number(number, profile.profile_id) is None
    failure = await failure_of(carrier.connect(held, profile.profile_id))
    assert failure.failure is Failure.NOT_FOUND


async def test_a_profile_that_was_deleted_leaves_its_number_unconnected(
    bought: Bought, carrier: Carrier, network: Network
) -> None:
    profile, number = await bought(CHURCH, HOOK)
    del network.numbers.profiles[profile.profile_id]
    held = await carrier.held_number(number, profile.profile_id)
    assert held is not None
    assert (held.church_id, held.texts_url) == (None, None)


async def test_all_numbers_are_listed_page_by_page(carrier: Carrier, network: Network) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    for n in range(600):
        order = Order(f"+1202555{n:04}", profile.profile_id, None, carrier.name, status="success")
        network.numbers.own(order)
    network.numbers.own(Order("+13125550190", None, None, carrier.name, status="success"))
    found, calls = await listed(carrier)
    assert len({number.phone_number for number in found}) == len(found) == 601
    assert sum(number.texts_url == HOOK for number in found) == 600
    assert calls <= 5


async def test_the_same_seed_loses_the_same_numbers(carrier: Carrier, network: Network) -> None:
    def account() -> Numbers:
        made = Numbers()
        for n in range(100):
            made.own(Order(f"+1202555{n:04}", str(uuid4()), None, carrier.name))
        return made

    shares = losses.Shares(numbers=0.1, profiles=0.3, webhooks=0.3)
    first, again, other = (losses.lose(account(), network.dice, shares, turn) for turn in (0, 0, 1))
    assert first == again != other
    assert 0 < len(first.numbers) < 30 < len(first.profiles) + 15
