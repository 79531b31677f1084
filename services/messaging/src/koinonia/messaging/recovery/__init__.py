"""Sending numbers that lost their connection at the carrier: found, restored, or told to staff."""
