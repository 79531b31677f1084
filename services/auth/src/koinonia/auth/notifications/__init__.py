"""What somebody of the team should see: a list in the app, mail, and web push, as each prefers."""
