"""Sending numbers: orders, routes, rates."""
