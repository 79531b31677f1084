-- For whoever asks before the first statement that changes people: what it sees is then last.
CREATE OR REPLACE FUNCTION lock_people() RETURNS void
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(
        'people ' || coalesce(current_setting('koinonia.church_id', true), ''), 0));
END
$$
