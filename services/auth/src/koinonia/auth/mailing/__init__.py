"""Mail to staff: what is to be sent, its words, and the loop that hands it over."""
