"""Visits: planned from a client or a task, logged on a phone."""
