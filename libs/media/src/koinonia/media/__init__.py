"""Pictures and files: fetched safely, recognised by their content, downsized, stored."""
