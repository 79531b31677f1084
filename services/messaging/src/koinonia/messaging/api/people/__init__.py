"""Routes about members."""
