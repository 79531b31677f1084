"""Segments: filters of people that a church saves under a name."""
