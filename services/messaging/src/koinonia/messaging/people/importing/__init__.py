"""Members from a CSV file. In reading order: reading, candidates, placing, writing, importing."""
