"""A seed is a church, its people and one broadcast; all of it follows from the number."""

from dataclasses import dataclass
from random import Random

from koinonia.common.testing import phones as fictional
from koinonia.devkit.carrier.telnyx.dialect import TELNYX
from koinonia.devkit.carrier.twilio.dialect import TWILIO

FEWEST, MOST = 10, 30
WORDS = (
    "Service starts at 10 on Sunday, coffee at 9:30.",
    "Choir practice is moved to Thursday 🎶 bring a friend!",
    "Dear friends, " + "we look forward to seeing every one of you. " * 4,
    "Noël: culte à 17 h, puis soupe pour tout le monde. " * 2,
)


@dataclass(frozen=True, slots=True)
class Seed:
    number: int

    @property
    def people(self) -> list[str]:
        """Their phones. Most churches are small."""
        dice = Random(self.number)
        count = FEWEST + int((MOST - FEWEST + 1) * dice.random() ** 3)
        return [fictional.phone(n) for n in dice.sample(range(fictional.COUNT), count)]

    @property
    def words(self) -> str:
        """No two seeds say the same, so that the carrier's dice fall anew for each."""
        return f"{self.number}: {WORDS[self.number % len(WORDS)]}"

    @property
    def number_of_church(self) -> str:
        return fictional.phone(self.number % fictional.COUNT)

    @property
    def carrier(self) -> str:
        """One in four churches texts through the carrier that takes no call twice."""
        return TWILIO if self.number % 4 == 3 else TELNYX
