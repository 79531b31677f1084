"""Broadcasts that staff have begun to write, kept for the whole team."""
