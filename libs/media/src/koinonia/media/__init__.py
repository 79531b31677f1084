"""Pictures and files: fetched safely, known by their content, downsized, stored."""
