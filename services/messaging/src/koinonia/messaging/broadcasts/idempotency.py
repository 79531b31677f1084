"""Keys of requests, see ``koinonia.common.idempotency``."""

from koinonia.common.idempotency import claimed_before, prune

__all__ = ["claimed_before", "prune"]
