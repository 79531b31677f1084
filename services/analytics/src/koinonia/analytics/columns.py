"""The columns that count texts by status, and SQL that adds to columns in an upsert."""

from collections.abc import Iterable

from koinonia.common.events.messaging import DeliveryStatus

BY_STATUS = tuple(status.value for status in DeliveryStatus)


def listed(names: Iterable[str], form: str = "{}") -> str:
    """``listed(["a", "b"], "sum({})")`` is ``sum(a), sum(b)``."""
    return ", ".join(form.replace("{}", name) for name in names)


def added(table: str, names: Iterable[str]) -> str:
    """The ``SET`` list of an upsert that adds the new row to the existing one."""
    return listed(names, f"{{}} = {table}.{{}} + excluded.{{}}")
