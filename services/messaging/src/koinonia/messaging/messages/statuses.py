"""The states of a text and of a message, as SQL and Python both need them."""

from collections.abc import Sequence

from koinonia.common.events.messaging import DeliveryStatus

_RANKED = ",".join(sorted(DeliveryStatus, key=lambda status: DeliveryStatus(status).rank))


def rank(column: str) -> str:
    """SQL for the rank of the status in ``column``, see ``DeliveryStatus``."""
    return f"array_position(CAST('{{{_RANKED}}}' AS text[]), {column})"


def is_open(column: str) -> str:
    """SQL for ``DeliveryStatus.is_open``."""
    names = ", ".join(f"'{status}'" for status in DeliveryStatus if status.is_open)
    return f"{column} IN ({names})"


COUNTS = f"ARRAY[{', '.join(f'm.{status}_count' for status in DeliveryStatus)}] AS counts"
"""SQL for the counters of the message ``m``, in one column."""


def by_status(counts: Sequence[int]) -> dict[DeliveryStatus, int]:
    """The column :data:`COUNTS`, by status."""
    return dict(zip(DeliveryStatus, counts, strict=True))
