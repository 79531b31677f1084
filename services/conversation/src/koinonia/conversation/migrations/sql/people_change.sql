-- Who changes people is alone in the church, from before its first row on.
CREATE OR REPLACE FUNCTION people_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM lock_people();
    RETURN NULL;
END
$$
