"""What a text from a person means: STOP, HELP, a keyword, an answer to a broadcast."""
