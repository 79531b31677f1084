"""People as another system knows them: each is created, or updated to what is said, or nothing is
to do. In reading order: upsert_entries, schemas, reading, known_members, stored_members,
reported_consents, upserts."""
