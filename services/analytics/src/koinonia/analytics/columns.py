"""The columns that count texts by status, and how an upsert adds to columns."""

from collections.abc import Iterable

from koinonia.common.events.messaging import DeliveryStatus

BY_STATUS = tuple(status.value for status in DeliveryStatus)


def listed(names: Iterable[str], form: str = "{}") -> str:
    """``listed(["a", "b"], "sum({})")`` is ``sum(a), sum(b)``."""
    return ", ".join(form.replace("{}", name) for name in names)


def added(table: str, names: Iterable[str]) -> str:
    """The ``SET`` list that adds the row offered to the row there is."""
    return listed(names, f"{{}} = {table}.{{}} + excluded.{{}}")
