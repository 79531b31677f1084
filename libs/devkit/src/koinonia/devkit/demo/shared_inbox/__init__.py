"""Chapters about the inbox that the staff of a church share."""
