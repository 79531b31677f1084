"""When a text may leave: quiet hours, zones, rules of recurrence."""
