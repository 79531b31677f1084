"""What a message is: its draft, its counters, its batches. Nothing here calls a carrier."""
