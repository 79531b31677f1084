-- A change of a member is a row that is added, never one that is rewritten: writers wait for nobody,
-- and no two of them can wait for each other. Older rows of the member go, unless somebody holds them.
CREATE OR REPLACE FUNCTION note_member_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    churches uuid[];
    touched  uuid[];
BEGIN
    IF TG_TABLE_NAME = 'members' AND TG_OP = 'INSERT' THEN
        SELECT array_agg(church_id), array_agg(id) INTO churches, touched FROM new_rows;
    ELSIF TG_TABLE_NAME = 'members' AND TG_OP = 'DELETE' THEN
        SELECT array_agg(church_id), array_agg(id) INTO churches, touched FROM old_rows;
    ELSIF TG_TABLE_NAME = 'members' THEN
        SELECT array_agg(n.church_id), array_agg(n.id) INTO churches, touched
          FROM new_rows n JOIN old_rows o ON o.church_id = n.church_id AND o.id = n.id
         WHERE (n.first_name, n.last_name, n.email, n.phone_index, n.timezone, n.custom)
               IS DISTINCT FROM
               (o.first_name, o.last_name, o.email, o.phone_index, o.timezone, o.custom);
    ELSIF TG_TABLE_NAME = 'consents' AND TG_OP = 'INSERT' THEN
        SELECT array_agg(m.church_id), array_agg(m.id) INTO churches, touched
          FROM new_rows n
          JOIN members m ON m.church_id = n.church_id AND m.phone_index = n.phone_index;
    ELSIF TG_TABLE_NAME = 'consents' THEN
        SELECT array_agg(m.church_id), array_agg(m.id) INTO churches, touched
          FROM new_rows n
          JOIN old_rows o ON o.church_id = n.church_id AND o.phone_index = n.phone_index
          JOIN members m ON m.church_id = n.church_id AND m.phone_index = n.phone_index
         WHERE n.state <> o.state;
    ELSIF TG_OP = 'INSERT' THEN  -- groups, and ids of other systems
        SELECT array_agg(church_id), array_agg(member_id) INTO churches, touched
          FROM (SELECT DISTINCT church_id, member_id FROM new_rows) AS each;
    ELSE
        SELECT array_agg(church_id), array_agg(member_id) INTO churches, touched
          FROM (SELECT DISTINCT church_id, member_id FROM old_rows) AS each;
    END IF;
    WITH noted AS (
        INSERT INTO member_changes (church_id, member_id, changed_at, is_removed)
        SELECT church_id, member_id, now(), TG_TABLE_NAME = 'members' AND TG_OP = 'DELETE'
          FROM unnest(churches, touched) AS given (church_id, member_id)
        ON CONFLICT (church_id, member_id, changed_at)
        DO UPDATE SET is_removed = true WHERE excluded.is_removed
        RETURNING church_id, member_id
    ), gone AS (
        SELECT older.church_id, older.member_id, older.changed_at
          FROM noted JOIN member_changes older ON older.church_id = noted.church_id
                                            AND older.member_id = noted.member_id
                                            AND older.changed_at < now()
           FOR UPDATE OF older SKIP LOCKED
    )
    DELETE FROM member_changes c USING gone
     WHERE c.church_id = gone.church_id AND c.member_id = gone.member_id
       AND c.changed_at = gone.changed_at;
    RETURN NULL;
END
$$
