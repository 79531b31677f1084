"""The second factor: its secret and codes, the step between password and session, turning it on."""
