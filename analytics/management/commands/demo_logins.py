"""The sign-ins of the demo company, one for each role."""

from typing import Any

from django.core.management.base import BaseCommand

from analytics.demo import loading, people
from staff.models import User


class Command(BaseCommand):
    help = "Print a demo login for each role."

    def handle(self, *args: Any, **options: Any) -> None:
        demo = {user.username for user in people.USERS}
        shown = set()
        for user in User.objects.filter(username__in=demo).order_by("role", "pk"):
            if user.role not in shown and user.check_password(loading.demo_password()):
                shown.add(user.role)
                self.stdout.write(
                    f"  {user.get_role_display():<28} {user.username:<16} {loading.demo_password()}"
                )
