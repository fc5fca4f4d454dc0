"""Cases, their steps, and who looked for which client."""

from complaints.models.cases import Case, CaseQuerySet
from complaints.models.lessons import LessonRead
from complaints.models.lookups import ClientLookup
from complaints.models.steps import CaseStep

__all__ = ["Case", "CaseQuerySet", "CaseStep", "ClientLookup", "LessonRead"]
