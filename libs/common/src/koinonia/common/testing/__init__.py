"""What tests need: servers, databases, phone numbers, secrets, patience. No service imports it."""
