"""Deliveries on their way: lanes, rounds, calls, and when to try again."""
