"""Calls to webhooks: what is reported, in which dialect, and how it is delivered."""
