-- "Anna, Ben and Cara": each once, in the given order; NULL when there is nobody.
CREATE OR REPLACE FUNCTION household(names text[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE count(*)
           WHEN 0 THEN NULL
           WHEN 1 THEN min(name)
           ELSE array_to_string(trim_array(array_agg(name ORDER BY place), 1), ', ')
                || ' and ' || (array_agg(name ORDER BY place DESC))[1]
           END
      FROM (SELECT name, min(place) AS place
              FROM unnest(names) WITH ORDINALITY AS given (name, place)
             WHERE name <> '' GROUP BY name) AS each
$$
