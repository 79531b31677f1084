"""Imports as jobs: a file is kept, its columns get a meaning, and a worker writes its rows."""
