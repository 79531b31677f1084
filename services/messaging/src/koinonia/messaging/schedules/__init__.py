"""Messages for later, once or by a rule."""
