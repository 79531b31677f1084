-- Labels are facets of their threads.
CREATE OR REPLACE FUNCTION labels_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE touched uuid[];
BEGIN
    SELECT array_agg(DISTINCT conversation_id) INTO touched FROM changed;
    IF touched IS NOT NULL THEN
        PERFORM place_conversations(touched);
    END IF;
    RETURN NULL;
END
$$
