"""``python -m koinonia.ingress``: run, migrate, openapi."""

from koinonia.common import runtime
from koinonia.ingress.program import PROGRAM

if __name__ == "__main__":
    runtime.main(PROGRAM)
