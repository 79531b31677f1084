"""``python -m koinonia.webhooks``: run, migrate, openapi."""

from koinonia.common import runtime
from koinonia.webhooks.program import PROGRAM

if __name__ == "__main__":
    runtime.main(PROGRAM)
