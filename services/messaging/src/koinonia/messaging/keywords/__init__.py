"""Keywords: words that a church defines, and what they do."""
