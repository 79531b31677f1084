-- The service may only add to the trail. What is five years old goes by this function of the
-- schema's owner, whose rule nobody can bend (ix_audit_entries_at). How many went.
CREATE OR REPLACE FUNCTION forget_audit_entries() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = auth, pg_temp AS $$
DECLARE
    forgotten bigint;
BEGIN
    DELETE FROM audit_entries WHERE id = ANY(ARRAY(
        SELECT id FROM audit_entries WHERE at < now() - interval '5 years' LIMIT 10000
    ));
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END
$$
