"""Texts that come in: into their thread, or parked until their number has an owner."""
