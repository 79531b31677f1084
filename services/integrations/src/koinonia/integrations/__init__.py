"""Outgoing webhooks: what other programs of a church are told of what happens in it."""
