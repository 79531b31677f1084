"""Which broadcasts a list shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from koinonia.messaging.vocabulary import MessageStatus


@dataclass(frozen=True, slots=True)
class BroadcastFilter:
    """All that is given must hold; of several statuses one. ``created_before`` is itself left
    out."""

    statuses: tuple[MessageStatus, ...] = ()
    created_since: datetime | None = None
    created_before: datetime | None = None
    includes_tests: bool = False

    @property
    def sql(self) -> str:
        """A condition of ``messages m``, with the parameters beside it."""
        kind = "m.kind IN ('broadcast', 'test')" if self.includes_tests else "m.kind = 'broadcast'"
        return " AND ".join(["m.church_id = :church", kind, *self._conditions()])

    @property
    def parameters(self) -> Mapping[str, object]:
        given = {
            "statuses": list(self.statuses) or None,
            "since": self.created_since,
            "before": self.created_before,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _conditions(self) -> Iterator[str]:
        if self.statuses:
            yield "m.status = ANY(CAST(:statuses AS text[]))"
        if self.created_since:
            yield "m.created_at >= :since"
        if self.created_before:
            yield "m.created_at < :before"
