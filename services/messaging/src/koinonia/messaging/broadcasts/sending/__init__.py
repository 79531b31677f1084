"""Claim a batch, call the carrier, record its answers."""
