-- Texts may come before the church is heard of: then they were taken for english ones.
CREATE OR REPLACE FUNCTION reread_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = conversation, pg_temp AS $$
BEGIN
    INSERT INTO search_backlog (church_id, what) VALUES (NEW.church_id, 'lines')
    ON CONFLICT (church_id, what) DO UPDATE SET after_id = excluded.after_id;
    RETURN NULL;
END
$$
