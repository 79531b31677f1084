-- Who comes into a group or leaves it changes the facets of that person's threads.
CREATE OR REPLACE FUNCTION groups_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE touched uuid[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(DISTINCT c.id) INTO touched
          FROM past JOIN changed USING (church_id, group_id, member_id)
          JOIN known_people AS p USING (church_id, member_id)
          JOIN conversations AS c ON c.church_id = p.church_id
           AND c.phone_index = p.phone_index
         WHERE past.is_in <> changed.is_in;
    ELSE
        SELECT array_agg(DISTINCT c.id) INTO touched
          FROM changed JOIN known_people AS p USING (church_id, member_id)
          JOIN conversations AS c ON c.church_id = p.church_id
           AND c.phone_index = p.phone_index
         WHERE changed.is_in;
    END IF;
    IF touched IS NOT NULL THEN
        PERFORM place_conversations(touched);
    END IF;
    RETURN NULL;
END
$$
