"""Search for threads: by words of lines, by names, by digits of phone numbers."""
