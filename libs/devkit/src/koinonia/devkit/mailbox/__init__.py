"""A mailbox that delivers nothing: what was mailed is shown on a page."""
