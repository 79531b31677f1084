-- A question that opens or closes changes the facets of the threads of its phone.
CREATE OR REPLACE FUNCTION stop_questions_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE touched uuid[];
BEGIN
    SELECT array_agg(DISTINCT c.id) INTO touched
      FROM changed JOIN conversations AS c ON c.church_id = changed.church_id
       AND c.phone_index = changed.phone_index;
    IF touched IS NOT NULL THEN
        PERFORM place_conversations(touched);
    END IF;
    RETURN NULL;
END
$$
