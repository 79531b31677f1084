"""Reports that arrive within a few milliseconds share one publish, one confirm, and one event.

A report that comes alone is published at once. Of those that follow it closely, each waits until
:data:`GATHER_SECONDS` have passed since the last publish: of a thousand reports a second ten
share what costs as much as a fifth of all work on one of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from koinonia.common.errors import AppError
from koinonia.common.events.ingress import CarrierStatusReported

GATHER_SECONDS = 0.01  # between two publishes
MOST_REPORTS = 50
"""In one event. A report is at most 2 KB, since each of its words is at most 255 letters."""

Reports = Sequence[CarrierStatusReported]
Deliver = Callable[[Reports], Awaitable[None]]
"""Publishes or spools reports; raises an ``AppError`` when neither is possible."""


class _Call(NamedTuple):
    """The reports of one call, and who waits until they are safe."""

    reports: Reports
    safe: asyncio.Future[None]


class ReportBundles:
    """What waits in this process to be published together."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._waiting: list[_Call] = []
        self._count = 0  # of reports that wait
        self._published_at = 0.0  # when the last publish began
        self._next: asyncio.TimerHandle | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    async def hand_over(self, reports: Reports) -> None:
        """Return when the reports are confirmed or spooled. Raises what ``deliver`` raises."""
        loop = asyncio.get_running_loop()
        call = _Call(reports, loop.create_future())
        self._waiting.append(call)
        self._count += len(reports)
        if self._count >= MOST_REPORTS:
            self._publish()
        elif self._next is None:
            self._next = loop.call_at(self._published_at + GATHER_SECONDS, self._publish)
        await call.safe

    def _publish(self) -> None:
        if self._next is not None:
            self._next.cancel()
        calls, self._waiting, self._count, self._next = self._waiting, [], 0, None
        loop = asyncio.get_running_loop()
        self._published_at = loop.time()
        task = loop.create_task(self._delivered(calls))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _delivered(self, calls: Sequence[_Call]) -> None:
        try:
            await self._deliver([report for call in calls for report in call.reports])
        except Exception as error:
            if len(calls) > 1 and not isinstance(error, AppError):
                for call in calls:  # what is wrong with one is no fault of the others
                    await self._delivered([call])
            else:
                _end(calls, error)
        else:
            _end(calls, None)


def _end(calls: Sequence[_Call], error: Exception | None) -> None:
    for call in calls:
        if call.safe.done():  # its caller left
            continue
        if error is None:
            call.safe.set_result(None)
        else:
            call.safe.set_exception(error)
