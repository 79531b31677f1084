"""Telnyx as it is simulated."""
