"""Messaging profiles, numbers on offer, orders and numbers owned.

Every number is fictional (``+1<area code>55501XX``) in an area code that exists in the United
States. 0190 to 0199 are offered first, because demo members have the lower ones.
"""

from dataclasses import dataclass, field
from uuid import uuid4

import phonenumbers

from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.state.texts import stamp

LOCAL = (
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
LINES = (*range(190, 200), *range(189, 99, -1))


@dataclass(slots=True)
class Profile:
    name: str
    webhook_url: str | None
    whitelisted_destinations: list[str]
    dialect: str
    id: str = field(default_factory=lambda: str(uuid4()))
    created_at: str = field(default_factory=stamp)


@dataclass(slots=True)
class Order:
    phone_number: str
    profile_id: str | None
    reference: str | None
    dialect: str
    id: str = field(default_factory=lambda: str(uuid4()))
    number_id: str = field(default_factory=lambda: str(uuid4()))
    status: str = "pending"
    created_at: str = field(default_factory=stamp)

    @property
    def scope(self) -> str:
        """What a STOP to the number applies to."""
        return self.profile_id or self.phone_number


class Numbers:
    """What is on offer and what was bought."""

    def __init__(self) -> None:
        self.profiles: dict[str, Profile] = {}
        self.orders: dict[str, Order] = {}
        self.owned: dict[str, Order] = {}  # by phone number
        self.lost: dict[str, Order] = {}  # numbers that the account had, by phone number
        self._offered: set[str] = set()

    def available(self, area_code: str, limit: int) -> list[str]:
        """Numbers nobody owns; none for an area code that does not exist."""
        if not _exists(area_code):
            return []
        numbers = (f"+1{area_code}555{line:04}" for line in LINES)
        taken = self.owned.keys() | self.lost.keys()
        free = [number for number in numbers if number not in taken][:limit]
        self._offered.update(free)
        return free

    def order(
        self, phone_number: str, profile_id: str | None, reference: str | None, dialect: str
    ) -> Order:
        self.expect_free(phone_number)
        if profile_id is not None and profile_id not in self.profiles:
            raise Refused("10005", "The messaging profile does not exist.")
        return self.own(Order(phone_number, profile_id, reference, dialect))

    def expect_free(self, phone_number: str) -> None:
        """Raises ``Refused`` unless the number is on offer."""
        if phone_number in self.owned:
            raise Refused("85001")
        if phone_number not in self._offered:
            raise Refused("85000", "Search for the number before ordering it.")

    def own(self, order: Order) -> Order:
        self.orders[order.id] = self.owned[order.phone_number] = order
        return order

    def give_back(self, order: Order) -> None:
        """Nobody owns the number any more; it is on offer again."""
        self.owned.pop(order.phone_number, None)
        self.orders.pop(order.id, None)

    def lose(self, order: Order) -> None:
        """The account has the number no more; nobody else is offered it."""
        self.give_back(order)
        self.lost[order.phone_number] = order

    def bring_back(self, phone_number: str) -> None:
        """The account has a lost number again, in no profile."""
        order = self.lost.pop(phone_number)
        order.profile_id = None
        self.own(order)

    def sender(self, number: str, profile_id: str | None, strict: bool, dialect: str) -> Order:
        """The owned number a text leaves from, or why it cannot leave."""
        order = self.owned.get(number)
        if order is None and not strict and number not in self.lost:
            order = Order(number, profile_id, None, dialect, status="success")
            self.owned[number] = order
        elif order is not None and order.id not in self.orders:
            order.profile_id = profile_id or order.profile_id
        if order is None or profile_id not in (None, order.profile_id):
            raise Refused("40305", "The number is not associated with the messaging profile.")
        if order.status != "success":
            raise Refused("40320", "The sending number is in a pending state.")
        return order

    def webhook_url(self, profile_id: str | None) -> str | None:
        profile = self.profiles.get(profile_id or "")
        return profile.webhook_url if profile else None


def _exists(area_code: str) -> bool:
    if len(area_code) != 3 or not area_code.isascii() or not area_code.isdigit():
        return False
    number = phonenumbers.parse(f"+1{area_code}5550199")
    region = phonenumbers.region_code_for_number(number)
    return region == "US" and phonenumbers.number_type(number) in LOCAL
