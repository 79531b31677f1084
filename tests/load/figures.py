"""What is measured, and what stands beside it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil


class Spoiled(Exception):
    """Something answered otherwise than it should, so the time it took means nothing."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The same without us: what the machine, the driver or the framework takes by itself."""

    what: str
    value: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds per request at three percentiles."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Spread":
        ordered = sorted(seconds)
        return cls(*(1000 * ordered[ceil(len(ordered) * q / 100) - 1] for q in (50, 95, 99)))


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. ``unit`` is ``/s`` where more is better, else a size or a time."""

    what: str
    value: float
    unit: str
    floors: Sequence[Floor] = ()
    spread: Spread | None = None

    def times(self, floor: Floor) -> float:
        """How many times the floor's cost ours is."""
        return floor.value / self.value if self.unit == "/s" else self.value / floor.value


@dataclass(slots=True)
class Section:
    """The figures of one subject, with what a reader must know of them."""

    title: str
    figures: list[Figure]
    notes: list[str] = field(default_factory=list)


def median_ms(seconds: Sequence[float]) -> float:
    return 1000 * statistics.median(seconds)
