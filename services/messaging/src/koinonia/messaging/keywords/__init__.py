"""What a text to the church means, and the words that do something."""
