-- A query for every word of it, begun.
CREATE OR REPLACE FUNCTION prefixes(given text) RETURNS tsquery
LANGUAGE sql STABLE AS $$
    SELECT string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || ''':*',
                      ' & ')::tsquery
      FROM unnest(to_tsvector('simple', given))
$$
