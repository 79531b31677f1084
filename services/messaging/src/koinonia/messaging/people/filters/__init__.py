"""Which people are meant: a filter that staff state (``people_filter``), as SQL over members
(``conditions``), with what it names checked (``preparation``)."""
