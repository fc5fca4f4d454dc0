"""An alert follows the visit that answers its task."""

from django.dispatch import receiver

from analytics.services.alerts import follow_visit
from staff.models import User
from visits.models import Visit
from visits.signals import visit_cancelled, visit_planned, visit_recorded


@receiver([visit_planned, visit_recorded, visit_cancelled])
def move_alert(sender: type[Visit], visit: Visit, by: User | None, **_: object) -> None:
    follow_visit(visit=visit, by=by)
