"""Copies of what other services own, kept by their events."""
