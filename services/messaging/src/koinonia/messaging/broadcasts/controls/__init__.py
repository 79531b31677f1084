"""Pausing, resuming, cancelling and closing messages."""
