"""Webhooks: what is said of an event, and to whom."""
