-- A word that no text can hold, since it begins with a blank: a church, or its week, so that one
-- index finds the words of one church and time. Two that are alike do no harm: the church of a row
-- is compared as well.
CREATE OR REPLACE FUNCTION mark(church uuid, week integer DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT ' ' || left(md5(church::text || coalesce(week::text, '')), 10)
$$
