"""SQL for what surrounds a thread and each of its lines, with the JSON that it answers.

Each piece is looked up by its key for one thread or for the lines of one page, so none reads more.
"""

from typing import TypedDict


class MemberJson(TypedDict):
    id: str
    firstName: str
    lastName: str
    pinned: bool


class AdminJson(TypedDict):
    id: str | None
    firstName: str | None
    lastName: str | None


class LabelJson(TypedDict):
    id: str
    name: str
    colour: str


class ScheduledJson(TypedDict):
    id: str
    content: str
    mediaUrls: list[str]
    sendAt: str
    createdAt: str
    adminId: str
    firstName: str | None
    lastName: str | None


class ParticipantJson(TypedDict):
    phone: str
    memberId: str | None
    firstName: str | None
    lastName: str | None
    people: int | None


class FileJson(TypedDict):
    id: str
    status: str
    contentType: str | None
    bytes: int | None
    width: int | None
    height: int | None
    name: str | None
    failure: str | None
    originUrl: str | None


OPTED_OUT = """
    EXISTS (SELECT FROM opt_outs
             WHERE church_id = c.church_id AND phone_index = c.phone_index AND is_opted_out)
"""

MEMBERS = """
    (SELECT coalesce(json_agg(json_build_object('id', member_id, 'firstName', first_name,
                                                'lastName', last_name, 'pinned',
                                                coalesce(c.pinned_member_id
                                                         IN (member_id, contact_id), false))
                              ORDER BY is_former, first_name, last_name, member_id), '[]')
       FROM known_people
      WHERE church_id = c.church_id AND phone_index = c.phone_index)
"""

ASSIGNEE = """
    (SELECT json_build_object('id', c.assignee_id, 'firstName', min(first_name),
                              'lastName', min(last_name))
       FROM team WHERE church_id = c.church_id AND admin_id = c.assignee_id)
"""

LABELS = """
    (SELECT coalesce(json_agg(json_build_object('id', l.id, 'name', l.name, 'colour', l.colour)
                              ORDER BY l.name_key), '[]')
       FROM conversation_labels AS of_thread
       JOIN labels AS l ON l.church_id = of_thread.church_id AND l.id = of_thread.label_id
      WHERE of_thread.church_id = c.church_id AND of_thread.conversation_id = c.id)
"""

SCHEDULED = """
    (SELECT coalesce(json_agg(json_build_object(
                         'id', s.id, 'content', s.content, 'mediaUrls', s.media_urls,
                         'sendAt', s.send_at, 'createdAt', s.created_at, 'adminId', s.admin_id,
                         'firstName', t.first_name, 'lastName', t.last_name)
                     ORDER BY s.send_at, s.id), '[]')
       FROM scheduled_replies AS s
       LEFT JOIN team AS t ON t.church_id = s.church_id AND t.admin_id = s.admin_id
      WHERE s.church_id = c.church_id AND s.conversation_id = c.id AND s.status = 'waiting')
"""

AUTHOR = """
    LEFT JOIN LATERAL (SELECT first_name, last_name FROM team
                        WHERE church_id = m.church_id AND admin_id = m.admin_id
                        LIMIT 1) AS a ON true
"""

ANSWERS = """
    LEFT JOIN LATERAL (SELECT message_id, message_text, message_sent_at FROM understood_texts
                        WHERE church_id = m.church_id AND carrier = m.carrier
                          AND carrier_message_id = m.carrier_message_id LIMIT 1) AS u ON true
"""

MEDIA = """
    LEFT JOIN LATERAL (
         SELECT json_agg(json_build_object('id', id, 'status', status, 'contentType', content_type,
                                           'bytes', bytes, 'width', width, 'height', height,
                                           'name', name, 'failure', failure,
                                           'originUrl', origin_url)
                         ORDER BY position, id) AS media
           FROM media_files WHERE church_id = m.church_id AND message_id = m.id) AS f ON true
"""

# Whoever else got a group text, by the first name known on the phone.
PARTICIPANTS = """
    LEFT JOIN LATERAL (
         SELECT json_agg(json_build_object('phone', p.phone_sealed, 'memberId', k.member_id,
                                           'firstName', k.first_name, 'lastName', k.last_name,
                                           'people', k.people)
                         ORDER BY p.position) AS participants
           FROM line_participants AS p
           LEFT JOIN LATERAL (SELECT member_id, first_name, last_name, count(*) OVER () AS people
                                FROM known_people
                               WHERE church_id = p.church_id AND phone_index = p.phone_index
                               ORDER BY is_former, first_name, last_name, member_id
                               LIMIT 1) AS k ON true
          WHERE p.church_id = m.church_id AND p.message_id = m.id) AS g ON true
"""
