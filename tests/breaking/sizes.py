"""How large a break is.

The full size takes half an hour. While a test is being written, the environment may shorten it:
``BREAK_RECIPIENTS=600 BREAK_INBOUND=600 BREAK_OUTAGE_SECONDS=5 pytest tests/breaking``.
"""

import os

RECIPIENTS = int(os.environ.get("BREAK_RECIPIENTS", "5000"))
INBOUND = int(os.environ.get("BREAK_INBOUND", "10000"))
OUTAGE_SECONDS = float(os.environ.get("BREAK_OUTAGE_SECONDS", "60"))

LEASE_SECONDS = 8.0 if OUTAGE_SECONDS < 60 else None
"""What the minute of a lease is shortened to, once nothing is broken any more, in a short run."""

PATIENCE = 120 + OUTAGE_SECONDS + RECIPIENTS / 10
"""Seconds for whatever is polled: ten texts each second, where a quiet machine makes hundreds."""

TEST_SECONDS = 300 + 4 * PATIENCE
"""When a test is given up that does not give up by itself."""
