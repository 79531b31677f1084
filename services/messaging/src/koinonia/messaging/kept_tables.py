"""Of which tables the lists are made whose answers the gateway may keep.

Whatever writes to one of them makes it ask anew (``common.web.keeping.kept_answers``). A list
names the tables too by which its rows may vanish: a branch takes its groups along, a member their
places.
"""

MESSAGES = (
    "messages",
    "broadcast_response_counts",
    "churches",  # its language is that of a search
)
GROUPS = ("groups", "group_members", "branches", "members")
TEMPLATES = ("templates",)
NUMBERS = ("phone_numbers", "number_checks")
ALL = frozenset((*MESSAGES, *GROUPS, *TEMPLATES, *NUMBERS))
