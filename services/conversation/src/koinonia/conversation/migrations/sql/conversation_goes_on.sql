-- What a thread is sorted and filtered by is kept with each of its facets.
CREATE OR REPLACE FUNCTION conversation_goes_on() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE conversation_facets
       SET last_message_at = NEW.last_message_at, status = NEW.status,
           is_unread = NEW.unread_count > 0
     WHERE church_id = NEW.church_id AND conversation_id = NEW.id;
    RETURN NULL;
END
$$
