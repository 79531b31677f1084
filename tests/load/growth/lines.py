"""A cost by size, and how fast it grows."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WORK = 1.1
"""The exponent that work may have at most."""
PAGE = 0.1
"""The exponent that a page, or one thing beside many others, may have at most."""

UNTIL = "  until it is done"


@dataclass(frozen=True, slots=True)
class Line:
    """``values`` by size, in ``unit``. ``most`` is the exponent that is aimed at."""

    what: str
    unit: str
    values: Mapping[int, float]
    most: float

    @property
    def exponent(self) -> float:
        """Of the straight line through the logarithms of sizes and values."""
        sizes = [math.log(size) for size in self.values]
        return statistics.linear_regression(
            sizes, [math.log(value) for value in self.values.values()]
        ).slope

    @property
    def is_within(self) -> bool:
        return self.exponent <= self.most


@dataclass(slots=True)
class Growth:
    """The lines of one kind of size, with what a reader must know of them."""

    title: str
    lines: Sequence[Line]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one thing in milliseconds: until it is done, and of all our processes and PostgreSQL."""

    ms: float
    processor_ms: float


def of_costs(what: str, costs: Mapping[int, Cost], most: float) -> list[Line]:
    """A line of the processor's time and one of the time until it is done."""
    processor = {size: cost.processor_ms for size, cost in costs.items()}
    until = {size: cost.ms for size, cost in costs.items()}
    return [Line(what, "ms of processor", processor, most), Line(UNTIL, "ms", until, most)]
