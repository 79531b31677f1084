"""Answers that a client or the edge keeps, and how they know that these still hold."""
