"""``python -m koinonia.conversation``: run, migrate, openapi."""

from koinonia.common import runtime
from koinonia.conversation.program import PROGRAM

if __name__ == "__main__":
    runtime.main(PROGRAM)
