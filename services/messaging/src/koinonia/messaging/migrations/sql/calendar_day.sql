-- The day that a text names: 1980-04-05 (also with a time behind it), 4/5/1980, 4/5/80, 4/5, 4-5-1980
-- and --04-05 give 19800405, or 405 where four digits of a year are missing; NULL for anything else.
CREATE OR REPLACE FUNCTION calendar_day(value text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
           WHEN value ~ '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])($|[T ])'
           THEN CAST(replace(left(value, 10), '-', '') AS integer)
           WHEN value ~ '^(0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])([/-](\d{4}|\d\d))?$'
           THEN CAST(split_part(translate(value, '-', '/'), '/', 1) AS integer) * 100
                + CAST(split_part(translate(value, '-', '/'), '/', 2) AS integer)
                + CASE WHEN value ~ '\d{4}$'
                       THEN CAST(right(value, 4) AS integer) * 10000 ELSE 0 END
           WHEN value ~ '^--(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])$'
           THEN CAST(replace(value, '-', '') AS integer)
           END
$$
