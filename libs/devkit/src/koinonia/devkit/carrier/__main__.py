"""``python -m koinonia.devkit.carrier``: the same as ``koinonia-carrier run``."""

import typer

from koinonia.devkit.carrier.run_command import run

if __name__ == "__main__":
    typer.run(run)
