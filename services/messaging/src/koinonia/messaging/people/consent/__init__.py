"""Who may be texted. In reading order: entries, consent_state, state_sql, ledger, ministries; for
staff staff_entries, ledger_history, ledger_export."""
