"""Chapters about the directory of people."""
