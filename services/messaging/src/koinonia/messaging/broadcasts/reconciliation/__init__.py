"""Looking after messages until nothing of them is open: overdue reports are asked for."""
