"""Search of texts by words, the same in every service that has one: what was typed as a query of
PostgreSQL, and the places of what was found. The functions that it takes in a service's schema are
in ``migrations/word_sql``; the tables with the words are the service's own."""
