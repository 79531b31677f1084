"""What a text from a person costs, by process: of people who had not written before, and of the
same people again. Carriers call the ingress; each church has one page open, which shows each text.

Twenty churches are texted in turns, as on a quiet day, and then one alone, as after its broadcast.
"""

import time
from collections.abc import Sequence

from tests.load import live_texts, processor
from tests.load.figures import Figure, Section, Spread
from tests.load.live import founded
from tests.load.live_pages import Ledger, opened, request_of
from tests.load.live_texts import Call, Church, pour
from tests.load.system import Ground

from koinonia.devkit.system import System

CHURCHES = 20
PER_SECOND = 50  # what a busy machine keeps up with, too
WARM_UP = 2 * CHURCHES  # texts


async def measure(ground: Ground, system: System) -> Section:
    churches = await founded(system, CHURCHES)
    url = f"{system.gateway_url}/api/events"
    requests = [request_of(url, each.token) for each in churches]
    async with opened(url, requests) as ledger:
        inbound = _Inbound(system, ledger)
        await inbound.pour(churches, range(WARM_UP))
        inbound.idle = await processor.idling(system, 2 * ground.seconds)
        start, count = WARM_UP, int(PER_SECOND * ground.seconds)
        for whom, texted in (("20 churches", churches), ("one church", churches[:1])):
            for who, back in (("new people", 0), ("the same people", count)):
                numbers = range(start, start + count)
                await inbound.measure(f"{who} to {whom}", texted, numbers, back)
                start += count
    title = "A text from a person: processor time of all, and until its page shows it"
    return Section(title, inbound.figures, inbound.notes)


class _Inbound:
    """What was measured so far. ``idle`` is what each part takes of a core by itself."""

    def __init__(self, system: System, ledger: Ledger) -> None:
        self.idle: dict[str, float] = {}
        self.figures: list[Figure] = []
        self.notes: list[str] = []
        self._system, self._ledger = system, ledger

    async def pour(self, churches: Sequence[Church], numbers: range, back: int = 0) -> Spread:
        """``back``: the texts are of the people who sent those so many numbers before."""
        part = self._system.running("ingress")
        assert part is not None
        url = f"{part.url}/api/webhooks/telnyx/mms"
        calls: list[Call] = live_texts.from_people(part.url, churches, numbers, back)
        async with live_texts.posted(url, iter(calls), self._ledger) as texts:
            return await pour(self._ledger, texts, len(numbers), per_second=PER_SECOND, pages=1)

    async def measure(
        self, what: str, churches: Sequence[Church], numbers: range, back: int
    ) -> None:
        before, began = await processor.used(self._system), time.perf_counter()
        spread = await self.pour(churches, numbers, back)
        took = time.perf_counter() - began
        used = (await processor.used(self._system)).since(before)
        spent = {part: seconds - took * self.idle.get(part, 0) for part, seconds in used.items()}
        cost = 1000 * sum(spent.values()) / len(numbers)
        self.figures.append(Figure(what, cost, "ms", [], spread))
        self.notes.append(f"{what}: {processor.shares(spent, len(numbers))}")
