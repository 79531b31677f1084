"""What no field may hold, or none as it stands, sent to each field of a document."""
