"""What staff do with a thread: read it, its status, its assignee, its labels and notes."""
