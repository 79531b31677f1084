"""``GET /api/events``: what happens in a church, sent to everybody who has a page of it open.

``docs/decisions/0015-live.md`` says why it is built like this.
"""
