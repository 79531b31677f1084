-- The text search configuration of a church: english for one that was not heard of yet.
CREATE OR REPLACE FUNCTION church_language(church uuid) RETURNS regconfig
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT known.oid::regconfig
                       FROM churches JOIN pg_ts_config AS known ON known.cfgname = language
                        AND known.cfgnamespace = 'pg_catalog'::regnamespace
                      WHERE church_id = church), 'english')
$$
