"""Calls that hand over a text: checks, trouble, the answer."""
