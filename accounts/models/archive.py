"""The fields of a client's archive (ARC-F01..F30), as an abstract part of Client.

`accounts.catalogue` says how they are grouped on forms and pages.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Automation, FeePayment, InfoSource, LeadSource, Reimbursement


def words(label: Any) -> models.TextField:
    """Free text of the archive; empty when nobody has asked yet."""
    return models.TextField(label, blank=True, default="", db_default="")


def ticked(label: Any) -> models.BooleanField:
    return models.BooleanField(label, default=False, db_default=False)


def one_of(label: Any, choices: type[models.TextChoices]) -> models.CharField:
    return models.CharField(
        label, max_length=12, choices=choices.choices, blank=True, default="", db_default=""
    )


class ClientArchive(models.Model):
    """What is known about a client beyond name and number.

    Database defaults let set-based SQL make clients without naming these columns.
    """

    # Identity
    superior = models.ForeignKey(
        "accounts.Client",
        on_delete=models.PROTECT,
        related_name="branches",
        null=True,
        blank=True,
        verbose_name=_("superior client"),
    )
    is_high_end = ticked(_("high-end client"))
    features = models.TextField(_("distinctive features"), blank=True)
    notes = models.TextField(_("notes"), blank=True)

    # Organisation
    internal_organisation = words(_("internal organisation"))
    business_scope = words(_("business functions and scope"))
    industry_features = words(_("characteristics of the industry"))
    social_position = words(_("social position"))
    superior_policy = words(_("policy of the superior department"))

    # Money and policy
    fee_reimbursement = one_of(_("reimbursement of phone fees"), Reimbursement)
    fee_reimbursement_note = words(_("about the reimbursement"))
    hoped_policy = words(_("policy hoped for"))
    capital_allocation = words(_("capital allocation"))
    payment_method = one_of(_("payment method"), FeePayment)
    points = models.BigIntegerField(_("points"), null=True, blank=True)
    credit = models.IntegerField(_("credit score"), null=True, blank=True)

    # Management
    office_automation = one_of(_("office automation"), Automation)
    office_automation_note = words(_("about the office automation"))
    organisation_setup = words(_("organisation set-up"))
    production_process = words(_("production process"))
    information_process = words(_("information process"))
    geographic_distribution = words(_("geographic distribution"))
    financial_system = words(_("financial system"))
    operating_condition = words(_("operating condition"))
    product_market = words(_("product market"))
    management_system = words(_("management system"))
    leadership = words(_("leadership team"))

    # Place
    directions = words(_("driving route"))
    transport = words(_("public transport: departures and fares"))
    shops = words(_("list of shops"))

    # Relation with us
    contact_state = words(_("present state of contact with us"))
    info_source = one_of(_("source of the data"), InfoSource)
    lead_source = one_of(_("lead source"), LeadSource)
    referring_client = models.ForeignKey(
        "accounts.Client",
        on_delete=models.PROTECT,
        related_name="referrals",
        null=True,
        blank=True,
        verbose_name=_("referred by client"),
    )
    referring_colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="referred_clients",
        null=True,
        blank=True,
        verbose_name=_("referred by colleague"),
    )
    # The four tests of a potential client (ARC-02)
    can_pay = ticked(_("is well able to pay"))
    has_need = ticked(_("has a latent need"))
    can_decide = ticked(_("has the power to decide"))
    accepts_marketing = ticked(_("accepts our marketing"))

    # Kept by services; `accounts.services.completeness` writes the first two.
    completeness = models.PositiveSmallIntegerField(
        _("completeness"), default=0, db_default=0, editable=False
    )
    archive_current_at = models.DateTimeField(
        _("archive last updated"), db_default=TransactionNow(), editable=False
    )
    reviewed_at = models.DateTimeField(_("last reviewed"), null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reviewed_clients",
        null=True,
        editable=False,
        verbose_name=_("reviewed by"),
    )

    class Meta:
        abstract = True

    @property
    def tests_passed(self) -> int:
        return sum((self.can_pay, self.has_need, self.can_decide, self.accepts_marketing))

    @property
    def is_qualified(self) -> bool:
        """A prospect that passes all four tests (ARC-02, AMB-46)."""
        return self.tests_passed == 4
