"""Compares the carrier's ledger with what Koinonia's database says."""
