"""What the routes of answers take and give."""
