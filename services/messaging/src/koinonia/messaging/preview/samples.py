"""Sample texts as recipients would get them, of different lengths where there are."""

import heapq
from collections.abc import Iterator, Sequence

from koinonia.carriers import segments
from koinonia.messaging.messages.drafts import Draft
from koinonia.messaging.messages.part_counts import Measured
from koinonia.messaging.preview.schemas import Sample

SHOWN = 3


def choose(draft: Draft, measured: Measured) -> list[Sample]:
    """At most three that differ: for each number of parts the most common one, then the most common
    ones of any. Without merge fields all texts are one."""
    times, costs = measured.fillings.phones, measured.costs
    firsts: dict[int, int] = {}
    for place, cost in enumerate(costs):
        first = firsts.setdefault(cost.parts, place)
        if times[place] > times[first]:
            firsts[cost.parts] = place
    common = heapq.nlargest(2 * SHOWN, range(len(times)), key=times.__getitem__)
    ordered = dict.fromkeys([*(firsts[parts] for parts in sorted(firsts)), *common])
    return list(_rendered(draft, measured, list(ordered)[:SHOWN]))


def _rendered(draft: Draft, measured: Measured, places: Sequence[int]) -> Iterator[Sample]:
    for place in places:
        text = draft.template.render(measured.fillings.values[place])
        yield Sample(
            content=text,
            encoding=segments.measure(text).encoding,
            parts=measured.costs[place].parts,
        )
