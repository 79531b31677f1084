"""What a text says about being texted. In reading order: plain_words, phrases, meaning."""
