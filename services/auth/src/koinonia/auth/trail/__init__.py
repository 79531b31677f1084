"""The audit trail as an owner reads it."""
