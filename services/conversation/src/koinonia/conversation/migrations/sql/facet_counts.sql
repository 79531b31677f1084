-- A facet that changes leaves two deltas: one less of what it was, one more of what it is.
CREATE OR REPLACE FUNCTION facet_counts() RETURNS trigger
LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO conversation_count_deltas (church_id, facet, status, is_unread, threads)
    VALUES (OLD.church_id, OLD.facet, OLD.status, OLD.is_unread, -1),
           (NEW.church_id, NEW.facet, NEW.status, NEW.is_unread, 1);
    RETURN NULL;
END
$$
