"""Pictures and files in threads: fetched, stored, shown by signed links."""
