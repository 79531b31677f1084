"""From a request to rows: messages, replies and confirmations, and billing's answer to them."""
