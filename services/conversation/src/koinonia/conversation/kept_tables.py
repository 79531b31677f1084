"""Of which tables the lists are made whose answers the gateway may keep.

Whatever writes to one of them makes it ask anew (``common.web.keeping.kept_answers``). The inbox
has tags of its own: :mod:`koinonia.conversation.list_cache`.
"""

LABELS = ("labels",)
CANNED_REPLIES = ("canned_replies",)
ALL = frozenset((*LABELS, *CANNED_REPLIES))
