"""``make demo``: a church texts its people and has conversations with them, shown as it happens.

``story`` is the order of its chapters: ``previews`` and ``broadcasts``, ``conversations``,
``recurring``, ``figures``. They share a ``stage``: ``church`` is the public API as its staff uses
it, ``network`` looks at the phones, ``people`` invents who is texted, ``show`` prints, and
``arithmetic`` checks every sum at the end.
"""
