-- Lines that hold what is asked, newest first. The newest lines are looked through one by one:
-- whatever is frequent is among them. What is rare is found by the index, over ever longer
-- stretches of weeks, and at last over all that is left. How a page is found is written here and
-- not left to the planner's guess of how frequent a word is; each way is a matter of milliseconds,
-- less than starting helpers or a compiler takes.
CREATE OR REPLACE FUNCTION found_lines(
    asked tsquery, before_at timestamptz, before_id uuid, wanted integer
)
RETURNS TABLE (id uuid, at timestamptz)
LANGUAGE plpgsql ROWS 20 STABLE SECURITY DEFINER
SET search_path = conversation, pg_temp
SET work_mem = '16MB' SET enable_seqscan = off SET jit = off
SET max_parallel_workers_per_gather = 0 SET enable_sort = off AS $$
#variable_conflict use_column
DECLARE
    church CONSTANT uuid := nullif(current_setting('koinonia.church_id', true), '')::uuid;
    newest CONSTANT integer := 2000;
    so_far integer;
    more   integer;
    oldest timestamptz;
    since  timestamptz;
    week   integer;
    weeks  integer;
    marks  tsquery;
BEGIN
    RETURN QUERY
    SELECT message_id, occurred_at
      FROM (SELECT message_id, occurred_at, words FROM message_words
             WHERE church_id = church AND (occurred_at, message_id) < (before_at, before_id)
             ORDER BY occurred_at DESC, message_id DESC LIMIT newest) AS line
     WHERE words @@ asked
     ORDER BY occurred_at DESC, message_id DESC LIMIT wanted;
    GET DIAGNOSTICS so_far = ROW_COUNT;
    IF so_far >= wanted THEN
        RETURN;
    END IF;
    SELECT occurred_at, message_id INTO before_at, before_id FROM message_words
     WHERE church_id = church AND (occurred_at, message_id) < (before_at, before_id)
     ORDER BY occurred_at DESC, message_id DESC OFFSET newest - 1 LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT occurred_at INTO oldest FROM message_words
     WHERE church_id = church ORDER BY occurred_at LIMIT 1;
    week := week_of(before_at);
    FOREACH weeks IN ARRAY ARRAY[1, 4, 16, 64, 0] LOOP
        IF weeks = 0 THEN
            marks := marked_by(mark(church));
            since := '-infinity';
        ELSE
            SELECT marked_by(VARIADIC array_agg(mark(church, each))) INTO marks
              FROM generate_series(week - weeks + 1, week) AS each;
            week := week - weeks;
            since := to_timestamp((week + 1) * 604800.0);
        END IF;
        RETURN QUERY
        SELECT message_id, occurred_at
          FROM (SELECT * FROM message_words WHERE words @@ (asked && marks) OFFSET 0) AS line
         WHERE church_id = church AND occurred_at >= since
           AND (occurred_at, message_id) < (before_at, before_id)
         ORDER BY occurred_at DESC, message_id DESC LIMIT wanted - so_far;
        GET DIAGNOSTICS more = ROW_COUNT;
        so_far := so_far + more;
        EXIT WHEN so_far >= wanted OR since <= oldest;
        before_at := since;
        before_id := '00000000-0000-0000-0000-000000000000';
    END LOOP;
END
$$
