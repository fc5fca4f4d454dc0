"""List tables of care."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from care.choices import GiftState
from crm.lib.tables import BadgeColumn, MoneyColumn, RowLinkColumn, Table

STATE_TONES: dict[Any, str] = {
    GiftState.WAITING: "warning",
    GiftState.APPROVED: "success",
    GiftState.REFUSED: "danger",
}


class GiftTable(Table):
    personal: ClassVar = frozenset()

    item = RowLinkColumn(verbose_name=_("Item"))
    client = tables.Column(verbose_name=_("Client"))
    direction = tables.Column(verbose_name=_("Direction"))
    occasion = tables.Column(verbose_name=_("Occasion"))
    value = MoneyColumn(verbose_name=_("Value"), orderable=True)
    happened_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Date"), orderable=True)
    person = tables.Column(verbose_name=_("Person"))
    state = BadgeColumn(STATE_TONES, verbose_name=_("State"))
    decided_by = tables.Column(verbose_name=_("Decided by"))


class ClientGiftTable(GiftTable):
    """The same on a client's page."""

    client = tables.Column(visible=False)


class ServiceTable(Table):
    personal: ClassVar = frozenset({"whom"})

    served_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Date"))
    service = tables.Column(verbose_name=_("Main service"))
    whom = tables.Column(verbose_name=_("Served person"), empty_values=("",))
    done = tables.Column(verbose_name=_("What was done"))
    result = tables.Column(verbose_name=_("Result"))
    served_by = tables.Column(verbose_name=_("By whom"))
