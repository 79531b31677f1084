"""Endpoints: where a church wants to be told of what, and with which secret."""
