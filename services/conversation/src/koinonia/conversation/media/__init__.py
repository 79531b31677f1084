"""Pictures and files: fetched from carriers, uploaded by staff, stored, shown by signed links."""
