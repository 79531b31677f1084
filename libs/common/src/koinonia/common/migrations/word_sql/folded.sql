-- Without accents; and without signs that PostgreSQL's parser would take for a tag, a path or a
-- minus. Apart from accents the length stays, which common/words/highlights.py counts on.
CREATE OR REPLACE FUNCTION folded(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT regexp_replace(
        translate(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]', '', 'g'),
                  '<>/', '   '), '(?<=\d)-(?=\d)', ' ', 'g')
$$
