-- A church's broadcasts are read again in its language: they are thousands at most.
CREATE OR REPLACE FUNCTION reread_broadcasts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = messaging, pg_temp AS $$
BEGIN
    UPDATE broadcast_words AS known
       SET words = line_words(m.church_id, m.created_at, m.content, church_language(m.church_id))
      FROM messages AS m
     WHERE known.church_id = NEW.church_id AND m.id = known.message_id;
    RETURN NULL;
END
$$
