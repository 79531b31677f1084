"""Who may be texted. In reading order: entries, deriving, states, ledger, noting,
answers, ministries; for staff recording, showing, exporting."""
