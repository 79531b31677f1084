-- The words of a text. Only so many, because a text of any length must not fail to come in.
CREATE OR REPLACE FUNCTION line_words(church uuid, at timestamptz, content text, language regconfig)
RETURNS tsvector
LANGUAGE sql STABLE AS $$
    SELECT to_tsvector(language, folded(left(content, 20000)))
           || array_to_tsvector(ARRAY[mark(church), mark(church, week_of(at))])
$$
