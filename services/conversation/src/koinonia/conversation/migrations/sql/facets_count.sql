-- Facets that come or go leave deltas, which a loop adds up.
CREATE OR REPLACE FUNCTION facets_count() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO conversation_count_deltas (church_id, facet, status, is_unread, threads)
    SELECT church_id, facet, status, is_unread,
           count(*) * CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END
      FROM changed GROUP BY church_id, facet, status, is_unread;
    RETURN NULL;
END
$$
