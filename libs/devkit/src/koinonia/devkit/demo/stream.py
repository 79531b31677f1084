"""The event stream of a church, read by a thread of its own."""

import json
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.errors import NotAsExpected

OPEN_SECONDS = 10.0


@dataclass(frozen=True)
class News:
    """One event, and when it arrived (``time.monotonic``)."""

    event: str
    data: Json
    at: float


class Stream(AbstractContextManager["Stream"]):
    """Opened by ``with``; it is open once the gateway has said hello."""

    def __init__(self, gateway_url: str, authorization: str) -> None:
        self._http = httpx.Client(base_url=gateway_url, timeout=OPEN_SECONDS, trust_env=False)
        self._http.headers["Authorization"] = authorization
        self._news: queue.Queue[News] = queue.Queue()
        self._closing = threading.Event()
        self._reader = threading.Thread(target=self._read, name="stream", daemon=True)

    def __enter__(self) -> Self:
        self._reader.start()
        self.next("hello", OPEN_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._http.close()

    def next(self, event: str, within: float) -> News:
        """The next event of this name; others are passed over. Raises NotAsExpected."""
        deadline = time.monotonic() + within
        while True:
            try:
                news = self._news.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise NotAsExpected(f"The stream said no {event} within {within:.0f} s.") from None
            if news.event == event:
                return news

    def _read(self) -> None:
        patience = httpx.Timeout(OPEN_SECONDS, read=None)
        try:
            with self._http.stream("GET", "/api/events", timeout=patience) as answer:
                for event, data in _events(answer.iter_lines()):
                    self._news.put(News(event, json.loads(data), time.monotonic()))
        except (httpx.HTTPError, RuntimeError, OSError):
            if not self._closing.is_set():
                raise


def _events(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name and data of each event of a ``text/event-stream``."""
    event, data = "message", ""
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            event = value
        elif field == "data":
            data += value
        elif not line:
            if data:
                yield event, data
            event, data = "message", ""
