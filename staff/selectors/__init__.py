"""Reads about the organisation."""

from staff.selectors.organisation import supervisors_by_unit, working_calendar

__all__ = ["supervisors_by_unit", "working_calendar"]
