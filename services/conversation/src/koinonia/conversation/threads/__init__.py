"""Threads and what every change of one has in common."""
