"""Twilio as it is simulated."""
