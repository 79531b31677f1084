"""The last minutes of the stream as they were sent, for clients that resume."""

from collections import deque
from dataclasses import dataclass
from uuid import UUID

from koinonia.common.identity import Identity, Role

ENTRY_BYTES = 600  # what Python needs for an entry besides its text


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as browsers of ``church_id`` see it, heard at ``at`` (monotonic seconds)."""

    offset: int
    church_id: UUID
    at: float
    chunk: bytes
    role: Role
    admins: frozenset[UUID] | None = None  # None: everybody of that role

    def is_for(self, identity: Identity) -> bool:
        return identity.role.includes(self.role) and (
            self.admins is None or identity.admin_id in self.admins
        )

    @property
    def size(self) -> int:
        return len(self.chunk) + ENTRY_BYTES


class Window:
    """A ring of at most ``count`` entries, ``size`` bytes and ``seconds`` of age.

    ``newest`` is the offset of the last message heard, ``floor`` the one after which nothing is
    missing here; both None before anything was heard.
    """

    def __init__(self, count: int, size: int, seconds: float) -> None:
        self._count, self._size, self._seconds = count, size, seconds
        self.clear()

    def clear(self) -> None:
        """Forget everything: what follows does not continue it."""
        self.newest: int | None = None
        self.floor: int | None = None
        self.bytes = 0
        self._entries: deque[Entry] = deque()
        self._of_church: dict[UUID, deque[Entry]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def advance(self, offset: int) -> None:
        """A message was heard, whether or not it becomes an entry."""
        if self.floor is None:
            self.floor = offset - 1
        self.newest = offset

    def add(self, entry: Entry) -> None:
        """The entry of the message that was heard last."""
        self._entries.append(entry)
        self._of_church.setdefault(entry.church_id, deque()).append(entry)
        self.bytes += entry.size
        self.prune(entry.at)

    def prune(self, now: float) -> None:
        """Drop what is too much or too old."""
        while self._entries and self._is_over(now):
            entry = self._entries.popleft()
            self.floor = entry.offset
            self.bytes -= entry.size
            own = self._of_church[entry.church_id]
            own.popleft()
            if not own:
                del self._of_church[entry.church_id]

    def after(self, church_id: UUID, offset: int) -> list[Entry] | None:
        """The church's entries that follow ``offset``; None if some of them may be missing."""
        if self.floor is None or offset < self.floor:
            return None
        found = []
        for entry in reversed(self._of_church.get(church_id, ())):
            if entry.offset <= offset:
                break
            found.append(entry)
        return found[::-1]

    def _is_over(self, now: float) -> bool:
        return (
            len(self._entries) > self._count
            or self.bytes > self._size
            or self._entries[0].at < now - self._seconds
        )
