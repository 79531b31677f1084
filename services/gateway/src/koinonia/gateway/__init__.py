"""The only way in from outside: sessions, CSRF, limits, proxy, API reference, event stream."""
