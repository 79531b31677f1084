"""What the simulated carrier knows: texts, numbers, people, and how it is to behave."""
