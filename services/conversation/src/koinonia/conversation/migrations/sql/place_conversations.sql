-- Gives threads the facets that wanted_facets says they should have, and takes the others.
CREATE OR REPLACE FUNCTION place_conversations(given uuid[]) RETURNS void
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM conversations WHERE id = ANY(given) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM conversation_facets AS f USING conversations AS c
     WHERE c.id = ANY(given) AND f.church_id = c.church_id AND f.conversation_id = c.id
       AND NOT EXISTS (SELECT FROM wanted_facets AS w
                        WHERE w.church_id = c.church_id AND w.conversation_id = c.id
                          AND w.facet = f.facet);
    INSERT INTO conversation_facets (church_id, conversation_id, facet, last_message_at,
                                     status, is_unread)
    SELECT church_id, conversation_id, facet, last_message_at, status, is_unread
      FROM wanted_facets WHERE conversation_id = ANY(given)
    ON CONFLICT (church_id, conversation_id, facet) DO NOTHING;
END
$$
