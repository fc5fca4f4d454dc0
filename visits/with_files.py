"""Files can belong to a visit; `apps.py` loads this when the models exist."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import file_places
from accounts.file_places import Place, Spot
from staff.models import User
from visits.models import Visit


def find_visit(user: User, pk: UUID) -> Spot | None:
    visit = Visit.objects.visible_to(user).with_people().filter(pk=pk).first()
    return Spot(visit.client, str(visit), visit.get_absolute_url()) if visit else None


file_places.register("visit", Place(_("Visit"), "visits.view_visit", find_visit))
