"""People, units, to-dos, notifications, exports and calendar exceptions."""

from staff.models.people import Unit, User
from staff.models.work import CalendarDay, Export, Notification, Task

__all__ = ["CalendarDay", "Export", "Notification", "Task", "Unit", "User"]
