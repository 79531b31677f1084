-- The words of a person follow the name; who has no phone has none.
CREATE OR REPLACE FUNCTION note_contact_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = conversation, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM contact_words
         WHERE church_id = OLD.church_id AND member_id = OLD.member_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.phone_index IS NOT NULL THEN
        INSERT INTO contact_words (church_id, member_id, phone_index, words)
        VALUES (NEW.church_id, NEW.member_id, NEW.phone_index,
                name_words(NEW.church_id, NEW.first_name, NEW.last_name));
    END IF;
    RETURN NULL;
END
$$
