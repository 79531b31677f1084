"""Answers that are given for staff: to a keyword, and while the office is closed."""
