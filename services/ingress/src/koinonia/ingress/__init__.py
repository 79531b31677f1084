"""The ingress for carriers: verify, publish, answer."""
