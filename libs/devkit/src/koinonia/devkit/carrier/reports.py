"""Signed calls to webhooks, delivered as Telnyx delivers them.

An event keeps its id over all attempts; each attempt is signed anew. A non-2xx answer, no answer
within the timeout or no connection is repeated with doubled pauses, then given up.
"""

import asyncio
import base64
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.common import clock
from koinonia.devkit.carrier.behaviour import Behaviour, Dice
from koinonia.devkit.carrier.ledger import Ledger
from koinonia.devkit.carrier.poster import Poster

CONNECTIONS = 32  # reports under way at one time


@dataclass(slots=True)
class Report:
    url: str
    data: dict[str, Any]
    attempt: int = 1


class Reports:
    """The queue of calls and the workers that make them; open between ``start`` and ``stop``."""

    def __init__(
        self, key: Ed25519PrivateKey, behaviour: Behaviour, dice: Dice, ledger: Ledger
    ) -> None:
        self._key = key
        self._behaviour = behaviour
        self._dice = dice
        self._ledger = ledger
        self._queue: asyncio.Queue[Report] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []
        self._poster = Poster()
        self._generation = 0
        self.pending = 0

    @property
    def public_key(self) -> str:
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def start(self) -> None:
        for _ in range(CONNECTIONS):
            self._workers.append(asyncio.create_task(self._work()))

    async def stop(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._workers.clear()
        self._poster.close()

    def emit(self, url: str | None, event_type: str, payload: dict[str, Any]) -> None:
        """Report an event to ``url``; without one there is nobody to tell."""
        if not url:
            return
        self._ledger.reports[event_type] += 1
        data = {
            "event_type": event_type,
            "id": str(uuid4()),
            "occurred_at": clock.now().isoformat(timespec="milliseconds"),
            "payload": payload,
            "record_type": "event",
        }
        self._queue_up(Report(url, data))
        if self._dice.happens(self._behaviour.duplicate_share, "twice", payload["id"], event_type):
            self._queue_up(Report(url, data))

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
        if delivered:
            self._ledger.reports["delivered"] += 1
        elif report.attempt < self._behaviour.webhook_attempts:
            pause = self._behaviour.webhook_backoff * 2 ** (report.attempt - 1)
            self._queue_up(Report(report.url, report.data, report.attempt + 1), pause)
        else:
            self._ledger.reports["lost"] += 1

    async def _delivered(self, report: Report) -> bool:
        self._ledger.reports["attempts"] += 1
        meta = {"attempt": report.attempt, "delivered_to": report.url}
        body = orjson.dumps({"data": report.data, "meta": meta})
        headers = {"Content-Type": "application/json", **self.signature(body)}
        try:
            timeout = self._behaviour.webhook_timeout
            status = await self._poster.post(report.url, headers, body, timeout)
        except (OSError, TimeoutError):
            return False
        return 200 <= status < 300

    def signature(self, body: bytes) -> dict[str, str]:
        stamp = str(int(time.time()))
        proof = self._key.sign(stamp.encode() + b"|" + body)
        return {
            "telnyx-timestamp": stamp,
            "telnyx-signature-ed25519": base64.b64encode(proof).decode(),
        }
