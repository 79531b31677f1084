"""The commands that messaging adds to ``koinonia``, one file each."""
