"""The log of deliveries: what was sent and answered, and what is sent again."""
