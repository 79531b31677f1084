"""Inbound texts: what a text from a person means and does."""
