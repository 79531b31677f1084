"""The state of a phone in SQL, for whoever chooses whom to text.

Each is about the row of an alias that has ``church_id`` and ``phone_index``: ``m`` is a member or
a text. One lookup in the primary key of ``consents``.
"""


def revoked(alias: str) -> str:
    return f"""
        EXISTS (SELECT FROM consents c
                 WHERE c.church_id = {alias}.church_id AND c.phone_index = {alias}.phone_index
                   AND c.state = 'revoked')"""


REVOKED = revoked("m")
STATE = """
    coalesce((SELECT c.state FROM consents c
               WHERE c.church_id = m.church_id AND c.phone_index = m.phone_index), 'none')"""
"""``granted``, ``revoked``, or ``none``: nothing is known."""

REASON = """
    CASE (SELECT c.state FROM consents c
           WHERE c.church_id = m.church_id AND c.phone_index = m.phone_index)
         WHEN 'granted' THEN NULL WHEN 'revoked' THEN 'opted_out' ELSE 'no_consent' END"""
"""Why the phone may not be texted: ``opted_out``, ``no_consent``, or null if it may."""

JOIN = """
    LEFT JOIN consents c ON c.church_id = m.church_id AND c.phone_index = m.phone_index"""
JOINED_REASON = """
    CASE c.state WHEN 'granted' THEN NULL WHEN 'revoked' THEN 'opted_out' ELSE 'no_consent' END"""
"""The same as ``REASON`` after ``JOIN``, which is faster for all members of a church."""
