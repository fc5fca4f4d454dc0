"""People, units, positions, absences, duty, loans, policies, to-dos, notifications, exports and calendar exceptions."""

from staff.models.absences import Absence
from staff.models.duty import DutyShift
from staff.models.exports import Export, ExportDownload
from staff.models.lists import ListSetting, SavedFilter
from staff.models.loans import Loan
from staff.models.people import Unit, User
from staff.models.policies import Acknowledgement, PolicyVersion
from staff.models.positions import Appointment, Position
from staff.models.skills import (
    Assessment,
    Attendance,
    CareerStep,
    Course,
    Quality,
    Score,
    TrainingSession,
)
from staff.models.units import UnitMove
from staff.models.work import CalendarDay, Notification, Task

__all__ = [
    "Absence",
    "Acknowledgement",
    "Appointment",
    "Assessment",
    "Attendance",
    "CalendarDay",
    "CareerStep",
    "Course",
    "DutyShift",
    "Export",
    "ExportDownload",
    "ListSetting",
    "Loan",
    "Notification",
    "PolicyVersion",
    "Position",
    "Quality",
    "SavedFilter",
    "Score",
    "Task",
    "TrainingSession",
    "Unit",
    "UnitMove",
    "User",
]
