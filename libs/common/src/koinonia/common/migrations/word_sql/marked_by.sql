-- A query for any of the marks; see mark.sql.
CREATE OR REPLACE FUNCTION marked_by(VARIADIC marks text[]) RETURNS tsquery
LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg('''' || mark || '''', ' | ')::tsquery FROM unnest(marks) AS mark
$$
