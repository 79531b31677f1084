"""Branches, groups, members, consent, and who is meant by a target."""
