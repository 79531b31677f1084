"""What messaging adds to the command ``koinonia``: one file for each word after it."""
