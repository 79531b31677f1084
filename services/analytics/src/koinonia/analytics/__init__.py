"""Event log, daily rollups and the dashboard."""
