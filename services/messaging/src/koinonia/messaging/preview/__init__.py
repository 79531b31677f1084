"""Previews: whom sending would reach, what it would cost and when it would be through."""
