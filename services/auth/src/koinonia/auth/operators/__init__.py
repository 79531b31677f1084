"""What auth adds to the command ``koinonia``: one file for each word after it."""
