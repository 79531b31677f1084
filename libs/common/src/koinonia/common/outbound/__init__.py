"""Connections to addresses that somebody else wrote."""
