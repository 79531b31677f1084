"""Replies of staff: now, later and canned, with their files and their delivery statuses."""
