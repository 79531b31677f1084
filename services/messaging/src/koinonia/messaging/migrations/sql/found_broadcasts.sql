-- Broadcasts that hold what is asked, newest first. The newest are looked through one by one:
-- whatever is frequent is among them. What is rare is found by the index. It is written here and
-- not left to the planner's guess of how frequent a word is; why as the owner: decision 14.
CREATE OR REPLACE FUNCTION found_broadcasts(
    asked tsquery, statuses text[], since timestamptz, before_at timestamptz, before_id uuid,
    wanted bigint
)
RETURNS TABLE (id uuid, at timestamptz)
LANGUAGE plpgsql ROWS 20 STABLE SECURITY DEFINER
SET search_path = messaging, pg_temp
SET work_mem = '16MB' SET enable_seqscan = off SET jit = off
SET max_parallel_workers_per_gather = 0 SET enable_sort = off AS $$
#variable_conflict use_column
DECLARE
    church CONSTANT uuid := nullif(current_setting('koinonia.church_id', true), '')::uuid;
    newest CONSTANT integer := 2000;
    so_far bigint;
BEGIN
    RETURN QUERY
    SELECT message_id, created_at
      FROM (SELECT message_id, created_at, words FROM broadcast_words
             WHERE church_id = church AND created_at >= since
               AND (created_at, message_id) < (before_at, before_id)
             ORDER BY created_at DESC, message_id DESC LIMIT newest) AS recent
     WHERE words @@ asked
       AND (statuses IS NULL
            OR (SELECT status FROM messages WHERE messages.id = message_id) = ANY(statuses))
     ORDER BY created_at DESC, message_id DESC LIMIT wanted;
    GET DIAGNOSTICS so_far = ROW_COUNT;
    IF so_far >= wanted THEN
        RETURN;
    END IF;
    SELECT created_at, message_id INTO before_at, before_id FROM broadcast_words
     WHERE church_id = church AND created_at >= since
       AND (created_at, message_id) < (before_at, before_id)
     ORDER BY created_at DESC, message_id DESC OFFSET newest - 1 LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT message_id, created_at
      FROM (SELECT * FROM broadcast_words
             WHERE words @@ (asked && marked_by(mark(church))) OFFSET 0) AS old
     WHERE church_id = church AND created_at >= since
       AND (created_at, message_id) < (before_at, before_id)
       AND (statuses IS NULL
            OR (SELECT status FROM messages WHERE messages.id = message_id) = ANY(statuses))
     ORDER BY created_at DESC, message_id DESC LIMIT wanted - so_far;
END
$$
