"""Whom a text is for: what clients say (``target_schemas``), and as SQL (``aims``), with what it
names checked (``resolution``)."""
