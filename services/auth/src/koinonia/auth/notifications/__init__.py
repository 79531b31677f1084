"""What somebody of the team should see: a list in the app and mail, as each prefers."""
