"""Writes about advice."""

from accounts.models import Tip
from crm.lib.services import service
from staff.models import User


@service
def change_tip(*, tip: Tip, text_en: str, text_zh: str, by: User) -> Tip:
    tip = Tip.objects.select_for_update().get(pk=tip.pk)
    tip.text_en, tip.text_zh = text_en, text_zh
    tip.save()
    return tip
