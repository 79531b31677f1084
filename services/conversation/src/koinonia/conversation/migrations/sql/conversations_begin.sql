-- A new thread gets its facets; not while people change, because neither would see the other's
-- rows.
CREATE OR REPLACE FUNCTION conversations_begin() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh) THEN  -- an upsert may have found its row
        PERFORM pg_advisory_xact_lock_shared(hashtextextended(
            'people ' || coalesce(current_setting('koinonia.church_id', true), ''), 0));
        INSERT INTO conversation_facets (church_id, conversation_id, facet,
                                         last_message_at, status, is_unread)
        SELECT w.church_id, w.conversation_id, w.facet, w.last_message_at, w.status,
               w.is_unread
          FROM fresh JOIN wanted_facets AS w
            ON w.church_id = fresh.church_id AND w.conversation_id = fresh.id;
    END IF;
    RETURN NULL;
END
$$
