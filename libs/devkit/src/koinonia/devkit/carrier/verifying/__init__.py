"""Does Koinonia's database say what truly happened? The carrier's ledger beside its rows."""
