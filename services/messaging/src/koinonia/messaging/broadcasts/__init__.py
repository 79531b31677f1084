"""A message on its way: accepted, sent, tracked, reconciled, controlled."""
