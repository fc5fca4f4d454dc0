"""Our own people: users, units, roles, to-dos, notifications, calendar data."""
