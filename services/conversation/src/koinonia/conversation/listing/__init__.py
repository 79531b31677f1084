"""The list of threads: a page of it, its filters and its counts."""
