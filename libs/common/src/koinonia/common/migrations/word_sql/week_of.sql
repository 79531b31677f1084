-- The number of the week since 1970.
CREATE OR REPLACE FUNCTION week_of(at timestamptz) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT floor(extract(epoch FROM at) / 604800)::integer
$$
