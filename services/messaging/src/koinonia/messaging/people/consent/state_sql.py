"""The state of a phone as SQL, for statements that choose whom to text.

Each expression is about the row of an alias that has ``church_id`` and ``phone_index``: ``m`` is a
member or a text. It is one lookup in the primary key of ``consents``.
"""


def revoked(alias: str) -> str:
    return f"""
        EXISTS (SELECT FROM consents c
                 WHERE c.church_id = {alias}.church_id AND c.phone_index = {alias}.phone_index
                   AND c.state = 'revoked')"""


def asked(alias: str) -> str:
    """Whether a text of the phone may have asked to stop, and nobody settled it."""
    return f"""
        EXISTS (SELECT FROM stop_questions q
                 WHERE q.church_id = {alias}.church_id AND q.phone_index = {alias}.phone_index)"""


def left(alias: str, ministries: str) -> str:
    """Whether the phone stopped all the groups by which its members are meant. ``ministries`` is an
    array of the groups of the target, null where the target is not of groups; the alias also has
    ``member_ids``."""
    return f"""
        (EXISTS (SELECT FROM group_stops s
                  WHERE s.church_id = {alias}.church_id AND s.phone_index = {alias}.phone_index
                    AND s.group_id = ANY({ministries}))
         AND NOT EXISTS (
             SELECT FROM group_members gm
              WHERE gm.member_id = ANY({alias}.member_ids) AND gm.group_id = ANY({ministries})
                AND NOT EXISTS (SELECT FROM group_stops s
                                 WHERE s.church_id = {alias}.church_id
                                   AND s.phone_index = {alias}.phone_index
                                   AND s.group_id = gm.group_id)))"""


STATE = """
    coalesce((SELECT c.state FROM consents c
               WHERE c.church_id = m.church_id AND c.phone_index = m.phone_index), 'none')"""
"""``granted``, ``revoked``, or ``none``: nothing is known."""

JOIN = """
    LEFT JOIN consents c ON c.church_id = m.church_id AND c.phone_index = m.phone_index"""
JOINED_REASON = """
    CASE c.state WHEN 'granted' THEN NULL WHEN 'revoked' THEN 'opted_out' ELSE 'no_consent' END"""
"""After ``JOIN``: why the phone may not be texted, ``opted_out`` or ``no_consent``, or null."""
