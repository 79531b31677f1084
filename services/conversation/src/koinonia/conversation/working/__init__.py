"""The work on a thread: reading it, its status, whose it is, and what is noted about it."""
