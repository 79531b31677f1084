"""When a text may leave and when it is to: quiet hours, schedules."""
