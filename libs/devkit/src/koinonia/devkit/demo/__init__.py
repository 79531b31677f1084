"""``make demo``: a church texts its people and has conversations with them, told as it happens.

``story`` tells it in order; ``church`` is the public API as its staff uses it; ``people`` invents
who is texted; ``network`` looks at the phones; ``arithmetic`` checks every sum at the end.
"""
