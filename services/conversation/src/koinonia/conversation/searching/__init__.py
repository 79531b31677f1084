"""Finding threads: by words in their lines, by names, by pieces of phone numbers."""
