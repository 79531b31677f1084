-- The ledger of consent is append-only, for its owner too.
CREATE OR REPLACE FUNCTION keep_consent_events() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of consent is append-only'
          USING ERRCODE = 'restrict_violation';
END
$$
