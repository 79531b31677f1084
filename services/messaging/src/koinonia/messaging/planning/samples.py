"""Some texts as people would get them: of different lengths, if there are."""

import heapq
from collections.abc import Iterator

from koinonia.carriers import segments
from koinonia.messaging.broadcasts.drafts import Draft
from koinonia.messaging.broadcasts.measuring import Filling
from koinonia.messaging.planning.counting import Count
from koinonia.messaging.planning.schemas import Sample

SHOWN = 3


def of(draft: Draft, count: Count) -> list[Sample]:
    """At most three that differ; of each number of parts the most common one, then the most common
    ones of any. Without merge fields all texts are one."""
    firsts: dict[int, Filling] = {}
    for filling, cost in zip(count.fillings, count.costs, strict=True):
        if cost.parts not in firsts or _rank(filling) < _rank(firsts[cost.parts]):
            firsts[cost.parts] = filling
    common = heapq.nsmallest(2 * SHOWN, count.fillings, key=_rank)
    ordered = [*(firsts[parts] for parts in sorted(firsts)), *common]
    return list(_rendered(draft, list({each.key: each for each in ordered}.values())[:SHOWN]))


def _rank(filling: Filling) -> tuple[int, str]:
    return -filling.phones, filling.key or ""


def _rendered(draft: Draft, chosen: list[Filling]) -> Iterator[Sample]:
    for filling in chosen:
        text = draft.template.render(filling.values)
        measured = segments.measure(text)
        yield Sample(
            content=text,
            encoding=measured.encoding,
            parts=1 if draft.has_media else measured.parts,
        )
