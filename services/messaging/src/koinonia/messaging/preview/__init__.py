"""What sending would do, before it is done: whom it reaches, what it costs, when it is through."""
