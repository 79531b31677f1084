"""Members from a CSV file. In reading order: csv_columns, consent_columns, phone_cells, csv_rows,
candidates, csv_groups, csv_members, csv_consents, imports."""
