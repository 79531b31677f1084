"""The sessions that ended, and the roles that changed, within the life of an access token.

Redis is asked with every request. Beside it each process keeps a copy of its own, from the stream
of the broker, so that an ended session stays out while Redis is away or lost what it held.
"""

import time
from typing import Generic, TypeVar
from uuid import UUID

from koinonia.common.events import Event
from koinonia.common.events.auth import AdminRemoved, AdminUpdated, SessionEnded
from koinonia.common.identity import ACCESS_LIFETIME, Identity, Role

STREAM = "sessions"
EVENTS = (AdminRemoved.name, AdminUpdated.name, SessionEnded.name)
KEPT_SECONDS = ACCESS_LIFETIME.total_seconds() + 60  # with room for clocks that differ


V = TypeVar("V")


class _Recent(Generic[V]):
    """Values by id, each forgotten after ``KEPT_SECONDS``."""

    def __init__(self) -> None:
        self._kept: dict[UUID, tuple[V, float]] = {}  # the one that was put first is first

    def __contains__(self, key: UUID) -> bool:
        return key in self._kept

    def get(self, key: UUID) -> V | None:
        known = self._kept.get(key)
        return known[0] if known else None

    def put(self, key: UUID, value: V) -> None:
        now = time.monotonic()
        while self._kept and next(iter(self._kept.values()))[1] < now:
            del self._kept[next(iter(self._kept))]
        self._kept.pop(key, None)
        self._kept[key] = (value, now + KEPT_SECONDS)


class Endings:
    """Reads the broker's stream (:class:`~koinonia.common.bus.streams.Listener`)."""

    def __init__(self) -> None:
        self.is_complete = False
        """Whether the stream was read up to the present once. While the broker is away too, what
        was known before still counts."""
        self._ended = _Recent[None]()  # sessions, and admins who were removed
        self._roles = _Recent[Role]()

    def add(self, session_id: UUID) -> None:
        self._ended.put(session_id, None)

    def has(self, identity: Identity) -> bool:
        """Whether the session, or its admin, is known to be out."""
        return identity.session_id in self._ended or identity.admin_id in self._ended

    def role(self, admin_id: UUID) -> Role | None:
        """The present role of an admin whose role changed lately."""
        return self._roles.get(admin_id)

    def heard(self, offset: int, event: Event) -> None:
        if isinstance(event, SessionEnded):
            self._ended.put(event.session_id, None)
        elif isinstance(event, AdminRemoved):
            self._ended.put(event.admin_id, None)
        elif isinstance(event, AdminUpdated):
            self._roles.put(event.admin_id, Role(event.role))

    def current(self, offset: int) -> None:
        self.is_complete = True

    def away(self) -> None:
        """Nothing changes: what is known stays known."""

    def broken(self) -> None:
        """Nothing changes: an event is right by itself, whatever was missed before it."""
