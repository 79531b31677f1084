-- Threads whose phone number holds those pieces, found as in found_names.sql.
CREATE OR REPLACE FUNCTION found_phones(
    asked bigint[], before_at timestamptz, before_id uuid, wanted integer
)
RETURNS TABLE (id uuid, at timestamptz, member_id uuid)
LANGUAGE plpgsql ROWS 20 STABLE SECURITY DEFINER
SET search_path = conversation, pg_temp
SET work_mem = '16MB' SET enable_seqscan = off SET jit = off
SET max_parallel_workers_per_gather = 0 AS $$
#variable_conflict use_column
DECLARE
    church CONSTANT uuid := nullif(current_setting('koinonia.church_id', true), '')::uuid;
    newest CONSTANT integer := 500;
    so_far integer;
BEGIN
    RETURN QUERY
    SELECT c.id, c.last_message_at, hit.member_id
      FROM (SELECT * FROM conversations
             WHERE church_id = church AND (last_message_at, id) < (before_at, before_id)
             ORDER BY last_message_at DESC, id DESC LIMIT newest) AS c
     CROSS JOIN LATERAL (
           SELECT NULL::uuid AS member_id
             FROM (SELECT * FROM conversation_phones
                    WHERE church_id = church AND conversation_id = c.id OFFSET 0) AS phone
            WHERE pieces @> asked LIMIT 1
           ) AS hit
     ORDER BY c.last_message_at DESC, c.id DESC LIMIT wanted;
    GET DIAGNOSTICS so_far = ROW_COUNT;
    IF so_far >= wanted THEN
        RETURN;
    END IF;
    SELECT last_message_at, id INTO before_at, before_id FROM conversations
     WHERE church_id = church AND (last_message_at, id) < (before_at, before_id)
     ORDER BY last_message_at DESC, id DESC OFFSET newest - 1 LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT c.id, c.last_message_at, hit.member_id
      FROM (SELECT conversation_id, NULL::uuid AS member_id
              FROM (SELECT * FROM conversation_phones WHERE pieces @> asked OFFSET 0) AS phone
             WHERE church_id = church OFFSET 0) AS hit
     CROSS JOIN LATERAL (
           SELECT * FROM conversations
            WHERE church_id = church AND id = hit.conversation_id OFFSET 0
           ) AS c
     WHERE (c.last_message_at, c.id) < (before_at, before_id)
     ORDER BY c.last_message_at DESC, c.id DESC LIMIT wanted - so_far;
END
$$
