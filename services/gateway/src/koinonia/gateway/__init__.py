"""The one door: sessions, CSRF, limits, proxy, merged OpenAPI."""
