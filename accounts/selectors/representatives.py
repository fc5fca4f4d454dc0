"""Who may represent clients towards their top level."""

from django.db.models import QuerySet

from staff.choices import Role
from staff.models import User


def eligible_representatives() -> QuerySet[User]:
    """Active holders of one of the four positions of ORG-09, wherever they sit.

    The one place that says so: general manager, deputy general managers, managers and deputy
    managers of departments are given the role of chief representative.
    """
    people = User.objects.filter(role=Role.CHIEF_REPRESENTATIVE, is_active=True)
    return people.order_by("full_name", "pk")
