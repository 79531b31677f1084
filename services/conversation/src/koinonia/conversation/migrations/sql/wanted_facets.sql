-- The facets that each thread should have; triggers make conversation_facets the same.
CREATE OR REPLACE VIEW wanted_facets WITH (security_invoker = true) AS
SELECT c.church_id, c.id AS conversation_id, f.facet, c.last_message_at, c.status,
       c.unread_count > 0 AS is_unread
  FROM conversations AS c
 CROSS JOIN LATERAL (
       SELECT 'all'
       UNION ALL
       SELECT 'number:' || c.our_number
       UNION ALL
       SELECT 'assignee:' || coalesce(c.assignee_id::text, 'none')
       UNION ALL
       SELECT 'label:' || l.label_id
         FROM conversation_labels AS l
        WHERE l.church_id = c.church_id AND l.conversation_id = c.id
       UNION ALL
       SELECT DISTINCT 'group:' || g.group_id
         FROM known_people AS p
         JOIN contact_groups AS g ON g.church_id = p.church_id AND g.member_id = p.member_id
        WHERE p.church_id = c.church_id AND p.phone_index = c.phone_index AND g.is_in
       UNION ALL
       SELECT 'stop_question:open'
         FROM stop_questions AS q
        WHERE q.church_id = c.church_id AND q.phone_index = c.phone_index AND q.is_open
       ) AS f (facet)
