"""``koinonia-carrier``: run the simulated carrier, compare its ledger with Koinonia's database."""

import typer

from koinonia.devkit.carrier.running import run
from koinonia.devkit.carrier.verifying.verify import verify

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(run)
app.command()(verify)
