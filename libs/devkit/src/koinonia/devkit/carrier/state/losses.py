"""What a carrier loses of its own: numbers, their profiles, the addresses of profiles.

Each of them is decided by the dice, over the number and the ``turn``, so that the same seed loses
the same.
"""

from collections.abc import Collection
from dataclasses import dataclass

from koinonia.devkit.carrier.state.behaviour import Dice
from koinonia.devkit.carrier.state.numbers import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Between 0 and 1, of the numbers that the account has."""

    numbers: float = 0.0
    profiles: float = 0.0  # numbers that are in no profile any more
    webhooks: float = 0.0  # numbers whose profile has no address for texts any more


@dataclass(frozen=True, slots=True)
class Lost:
    """The phone numbers, by what they lost."""

    numbers: list[str]
    profiles: list[str]
    webhooks: list[str]


def lose(
    numbers: Numbers,
    dice: Dice,
    shares: Shares,
    turn: int = 0,
    among: Collection[str] | None = None,
) -> Lost:
    """Lose what the dice say in this ``turn``, each number ``among`` these (None: all) at most one
    thing."""
    lost = Lost([], [], [])
    for phone_number in sorted(numbers.owned):
        if among is not None and phone_number not in among:
            continue
        order = numbers.owned[phone_number]
        if dice.happens(shares.numbers, "lose number", turn, phone_number):
            numbers.lose(order)
            lost.numbers.append(phone_number)
        elif dice.happens(shares.profiles, "lose profile", turn, phone_number):
            order.profile_id = None
            lost.profiles.append(phone_number)
        elif dice.happens(shares.webhooks, "lose webhook", turn, phone_number):
            profile = numbers.profiles.get(order.profile_id or "")
            if profile is not None:
                profile.webhook_url = None
                lost.webhooks.append(phone_number)
    return lost
