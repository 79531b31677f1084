"""Who works for a church: colleagues, and those who were invited to be."""
