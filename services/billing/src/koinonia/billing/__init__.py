"""Plans, reservations and the usage ledger."""
