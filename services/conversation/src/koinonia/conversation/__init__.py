"""The shared inbox."""
