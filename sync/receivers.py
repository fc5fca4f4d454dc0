"""Tokens end with the account and do not come back with it."""

from django.dispatch import receiver
from django.utils import timezone

from staff.models import User
from staff.signals import access_ended
from sync.services import revoke_all_tokens


@receiver(access_ended)
def revoke_tokens(sender: type[User], person: User, by: User | None, **_: object) -> None:
    revoke_all_tokens(owner=person, now=timezone.now(), by=by)
