"""People, broadcasts and sending numbers."""
