"""``koinonia-carrier``: run the simulated carrier, compare its ledger with Koinonia's database."""

import typer

from koinonia.devkit.carrier.run_command import run
from koinonia.devkit.carrier.verification.verify_command import verify

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(run)
app.command()(verify)
