"""What staff see of a message."""
