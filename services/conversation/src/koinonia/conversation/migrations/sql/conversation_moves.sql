-- Another assignee, number or phone: other facets.
CREATE OR REPLACE FUNCTION conversation_moves() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.phone_index IS DISTINCT FROM NEW.phone_index THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended(
            'people ' || coalesce(current_setting('koinonia.church_id', true), ''), 0));
    END IF;
    PERFORM place_conversations(ARRAY[NEW.id]);
    RETURN NULL;
END
$$
