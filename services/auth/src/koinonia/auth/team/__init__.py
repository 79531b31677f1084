"""The team of a church: its admins, and the invitations to it."""
