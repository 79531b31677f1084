"""What a text says. In reading order: merging, fields, parts, templates, starters, cheaper."""
