"""Calls to webhooks, delivered as carriers deliver them.

A non-2xx answer, no answer within the timeout or no connection is repeated with doubled pauses,
then given up.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from koinonia.devkit.carrier.reporting.dialects import Notification
from koinonia.devkit.carrier.reporting.poster import Poster
from koinonia.devkit.carrier.state.behaviour import Behaviour
from koinonia.devkit.carrier.state.ledger import Ledger

CONNECTIONS = 32  # reports under way at one time

Then = Callable[[bool], None]
"""Called after each attempt: whether it was taken."""


@dataclass(slots=True)
class Report:
    url: str
    notification: Notification
    then: Then | None = None
    attempt: int = 1


class Reports:
    """The queue of calls and the workers that make them; open between ``start`` and ``stop``."""

    def __init__(self, behaviour: Behaviour, ledger: Ledger) -> None:
        self._behaviour = behaviour
        self._ledger = ledger
        self._queue: asyncio.Queue[Report] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []
        self._poster = Poster()
        self._generation = 0
        self.pending = 0

    def start(self) -> None:
        for _ in range(CONNECTIONS):
            self._workers.append(asyncio.create_task(self._work()))

    async def stop(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._workers.clear()
        self._poster.close()

    def emit(
        self, url: str | None, notification: Notification | None, then: Then | None = None
    ) -> None:
        """Report to ``url``; without one nobody is told."""
        if url and notification:
            self._ledger.reports[notification.event] += 1
            self._queue_up(Report(url, notification, then))

    def clear(self) -> None:
        """Forget everything that was not delivered yet."""
        self._generation += 1
        self.pending = 0
        while not self._queue.empty():
            self._queue.get_nowait()

    def _queue_up(self, report: Report, pause: float = 0.0) -> None:
        self.pending += 1
        if pause:
            loop = asyncio.get_running_loop()
            loop.call_later(pause, self._queue_again, report, self._generation)
        else:
            self._queue.put_nowait(report)

    def _queue_again(self, report: Report, generation: int) -> None:
        if generation == self._generation:
            self._queue.put_nowait(report)

    async def _work(self) -> None:
        while True:
            report, generation = await self._queue.get(), self._generation
            delivered = await self._delivered(report)
            if generation == self._generation:
                self.pending -= 1
                self._conclude(report, delivered)

    def _conclude(self, report: Report, delivered: bool) -> None:
        if report.then:
            report.then(delivered)
        if delivered:
            self._ledger.reports["delivered"] += 1
        elif report.attempt < self._behaviour.webhook_attempts:
            pause = self._behaviour.webhook_backoff * 2 ** (report.attempt - 1)
            again = replace(report, attempt=report.attempt + 1)
            self._queue_up(again, pause * self._behaviour.clock)
        else:
            self._ledger.reports["lost"] += 1

    async def _delivered(self, report: Report) -> bool:
        self._ledger.reports["attempts"] += 1
        headers, body = report.notification.call(report.url, report.attempt)
        try:
            timeout = self._behaviour.webhook_timeout
            status = await self._poster.post(report.url, headers, body, timeout)
        except (OSError, TimeoutError):
            return False
        return 200 <= status < 300
