-- Another phone of a person: the groups are facets of other threads.
CREATE OR REPLACE FUNCTION contacts_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE touched uuid[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(DISTINCT c.id) INTO touched
          FROM past JOIN changed USING (church_id, member_id)
          JOIN contact_groups AS g USING (church_id, member_id)
          JOIN conversations AS c ON c.church_id = g.church_id
           AND c.phone_index IN (past.phone_index, changed.phone_index)
         WHERE past.phone_index IS DISTINCT FROM changed.phone_index AND g.is_in;
    ELSE
        SELECT array_agg(DISTINCT c.id) INTO touched
          FROM changed JOIN contact_groups AS g USING (church_id, member_id)
          JOIN conversations AS c ON c.church_id = g.church_id
           AND c.phone_index = changed.phone_index
         WHERE g.is_in;
    END IF;
    IF touched IS NOT NULL THEN
        PERFORM place_conversations(touched);
    END IF;
    RETURN NULL;
END
$$
