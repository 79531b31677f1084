"""What a text says about being texted. In reading order: plain_words, spelling, people_names,
phrase_parts, phrases, meaning."""
