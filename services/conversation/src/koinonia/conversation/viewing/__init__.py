"""One thread: who is on its phone, and its lines page by page."""
