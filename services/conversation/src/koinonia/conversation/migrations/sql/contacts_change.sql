-- Another phone of a person, or another person of a phone: the groups are facets of other threads.
CREATE OR REPLACE FUNCTION contacts_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE touched uuid[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(DISTINCT c.id) INTO touched
          FROM past JOIN changed USING (church_id, member_id)
          JOIN contact_groups AS g ON g.church_id = past.church_id
           AND g.member_id IN (
               CASE WHEN past.stands_for IS NULL THEN past.member_id
                    ELSE past.stands_for END,
               CASE WHEN changed.stands_for IS NULL THEN changed.member_id
                    ELSE changed.stands_for END)
          JOIN conversations AS c ON c.church_id = g.church_id
           AND c.phone_index IN (past.phone_index, changed.phone_index)
         WHERE (past.phone_index, past.stands_for)
               IS DISTINCT FROM (changed.phone_index, changed.stands_for) AND g.is_in;
    ELSE
        SELECT array_agg(DISTINCT c.id) INTO touched
          FROM changed
          JOIN contact_groups AS g ON g.church_id = changed.church_id
           AND g.member_id =
               CASE WHEN changed.stands_for IS NULL THEN changed.member_id
                    ELSE changed.stands_for END
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
