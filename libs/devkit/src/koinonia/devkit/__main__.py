"""``python -m koinonia.devkit``: the commands behind the Makefile."""

from koinonia.devkit.cli import app

if __name__ == "__main__":
    app()
