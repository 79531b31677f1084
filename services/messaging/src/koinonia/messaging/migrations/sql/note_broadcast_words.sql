-- The words of a broadcast follow its text and time.
CREATE OR REPLACE FUNCTION note_broadcast_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = messaging, pg_temp AS $$
BEGIN
    INSERT INTO broadcast_words AS known (message_id, church_id, created_at, words)
    VALUES (NEW.id, NEW.church_id, NEW.created_at,
            line_words(NEW.church_id, NEW.created_at, NEW.content,
                       church_language(NEW.church_id)))
    ON CONFLICT (message_id) DO UPDATE
       SET created_at = excluded.created_at, words = excluded.words;
    RETURN NULL;
END
$$
