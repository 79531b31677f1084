-- The words of a line follow its text and time.
CREATE OR REPLACE FUNCTION note_line_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = conversation, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM message_words WHERE church_id = OLD.church_id
           AND occurred_at = OLD.occurred_at AND message_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO message_words (church_id, occurred_at, message_id, words)
        VALUES (NEW.church_id, NEW.occurred_at, NEW.id,
                line_words(NEW.church_id, NEW.occurred_at, NEW.content,
                           church_language(NEW.church_id)));
    END IF;
    RETURN NULL;
END
$$
