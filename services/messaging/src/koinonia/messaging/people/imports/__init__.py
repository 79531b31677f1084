"""Members from a CSV file. In reading order: csv_rows, candidates, csv_groups, csv_members,
imports."""
