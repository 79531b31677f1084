"""Finding threads by words, names and pieces of a phone number."""
