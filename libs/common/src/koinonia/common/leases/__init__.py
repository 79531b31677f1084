"""Work of one worker at a time: what is due is taken for a while (``due_tables.py``), and nobody
waits that long for a worker that died (``workers.py``)."""

from koinonia.common.leases.due_tables import DueTable, claim, lock

__all__ = ["DueTable", "claim", "lock"]
