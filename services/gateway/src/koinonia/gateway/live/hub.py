"""All open streams of this process, and what is sent to them.

A stream is *placed* once it is known what it has seen: from then on every event of its church that
follows is put into its queue. Placing replays what it missed and joins the church's streams in one
step without waiting, so between replay and live nothing is lost and nothing comes twice. Until the
stream of the broker has been read up to the present, streams wait to be placed.
"""

import time
from collections import Counter, defaultdict
from uuid import UUID

import structlog

from koinonia.common import telemetry
from koinonia.common.events import Event
from koinonia.common.identity import Identity
from koinonia.gateway.errors import Restarting, StreamsFull, TooManyStreams
from koinonia.gateway.live import frames, projection
from koinonia.gateway.live.stream import UNPLACED, Stream
from koinonia.gateway.live.window import Entry, Window
from koinonia.gateway.settings import Settings

STRANGE_SECONDS = 10.0

log = structlog.get_logger()

_opened = telemetry.counter("koinonia_streams_opened_total")
_shed = telemetry.counter("koinonia_streams_shed_total")


class Hub:
    """Reads the broker's stream (:class:`~koinonia.common.bus.streams.Listener`)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.window = Window(
            settings.live_window_events, settings.live_window_bytes, settings.live_window_seconds
        )
        self.is_current = False
        self.is_stopping = False
        self._is_anchored = False  # the window reaches the present without a gap
        self._waiting: dict[Stream, str] = {}  # with the id that the client sent
        self._placed: defaultdict[UUID, dict[Stream, None]] = defaultdict(dict)
        self._per_admin: Counter[UUID] = Counter()

    def __len__(self) -> int:
        return self._per_admin.total()

    def streams(self) -> list[Stream]:
        return [*self._waiting, *(each for own in self._placed.values() for each in own)]

    def check_room(self, identity: Identity) -> None:
        """Raise unless this admin may open one more stream here."""
        if self.is_stopping:
            raise Restarting
        if self._per_admin[identity.admin_id] >= self.settings.live_streams_per_admin:
            raise TooManyStreams(self.settings.live_streams_per_admin)
        if len(self) >= self.settings.live_streams:
            raise StreamsFull

    def join(self, stream: Stream, last_id: str) -> None:
        """Begin to send ``stream`` what follows ``last_id``; without one, only new events."""
        _opened.add(1)
        self._per_admin[stream.identity.admin_id] += 1
        stream.put(frames.RETRY)
        if self._is_anchored:
            self._place(stream, last_id)
        else:
            self._waiting[stream] = last_id
        if not self.is_current:
            stream.put(frames.AWAY)
        if self.is_stopping:  # it was admitted just before
            stream.end(frames.restarting())

    def leave(self, stream: Stream) -> None:
        admin, church = stream.identity.admin_id, stream.identity.church_id
        self._per_admin[admin] -= 1
        if not self._per_admin[admin]:
            del self._per_admin[admin]
        self._waiting.pop(stream, None)
        own = self._placed[church]
        own.pop(stream, None)
        if not own:
            del self._placed[church]

    def heard(self, offset: int, event: Event) -> None:
        self.window.advance(offset)
        entry = projection.entry(offset, event, time.monotonic())
        if entry:
            self.window.add(entry)
            self._send(entry)

    def current(self, offset: int) -> None:
        self.window.advance(offset)
        self._is_anchored = True
        self._send_state(is_current=True)
        waiting, self._waiting = self._waiting, {}
        for stream, last_id in waiting.items():
            self._place(stream, last_id)

    def away(self) -> None:
        self._send_state(is_current=False)

    def broken(self) -> None:
        """Every stream may have missed something, and its id is not valid any more."""
        self.window.clear()
        self._is_anchored = False
        for stream in [each for own in self._placed.values() for each in own]:
            stream.after = UNPLACED
            self._waiting[stream] = frames.LOST_ID
        self._placed.clear()

    def is_strange(self, stream: Stream, now: float) -> bool:
        """Whether its id is beyond the newest event for longer than another gateway can be ahead of
        this one: the id is not of this stream."""
        is_ahead = self.is_current and stream.after > (self.window.newest or 0)
        return is_ahead and now - stream.opened_at > STRANGE_SECONDS

    def reset(self, stream: Stream) -> None:
        """Make the client fetch everything anew; from here on it gets every event."""
        stream.after = self.window.newest or 0
        self._put(stream, frames.reset(stream.after))

    def shed(self, stream: Stream) -> None:
        """Cut off a client that is too slow."""
        stream.cut()
        self._count_shed()

    def stop(self) -> None:
        """End all streams, because this process does."""
        self.is_stopping = True
        for stream in self.streams():
            stream.end(frames.restarting())

    def _place(self, stream: Stream, last_id: str) -> None:
        newest = self.window.newest or 0
        seen = frames.offset(last_id) if last_id else newest
        missed = None if seen is None else self.window.after(stream.identity.church_id, seen)
        self._placed[stream.identity.church_id][stream] = None
        if seen is None or missed is None:
            self._put(stream, frames.hello(newest, resumed=False))
            self.reset(stream)
            return
        stream.after = seen
        stream.put(frames.hello(seen, resumed=bool(last_id)))
        stream.replay([entry.chunk for entry in missed if entry.is_for(stream.identity)])

    def _send(self, entry: Entry) -> None:
        for stream in self._placed.get(entry.church_id, ()):
            if entry.offset > stream.after and entry.is_for(stream.identity):
                self._put(stream, entry.chunk)

    def _send_state(self, *, is_current: bool) -> None:
        if is_current != self.is_current:
            self.is_current = is_current
            for stream in self.streams():
                self._put(stream, frames.HERE if is_current else frames.AWAY)

    def _put(self, stream: Stream, chunk: bytes) -> None:
        if not stream.put(chunk):
            self._count_shed()

    def _count_shed(self) -> None:
        _shed.add(1)
        log.info("stream.shed", streams=len(self))
