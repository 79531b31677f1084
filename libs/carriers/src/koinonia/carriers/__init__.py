"""One file per carrier, both directions: send, verify, parse."""
