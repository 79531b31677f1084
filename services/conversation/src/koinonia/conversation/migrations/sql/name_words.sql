-- The words of a name.
CREATE OR REPLACE FUNCTION name_words(church uuid, first_name text, last_name text) RETURNS tsvector
LANGUAGE sql STABLE AS $$
    SELECT to_tsvector('simple', folded(concat_ws(' ', first_name, last_name)))
           || array_to_tsvector(ARRAY[mark(church)])
$$
