"""The words of a message: merge fields, templates, parts."""
