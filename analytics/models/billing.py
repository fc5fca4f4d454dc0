"""Billing months, the files handed in for them, and the bills themselves."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import MemberStatus, PaymentMethod, Tier
from accounts.models import Client
from analytics.choices import (
    DRAFT_IMPORT_STATES,
    LOADED_IMPORT_STATES,
    UNFINISHED_IMPORT_STATES,
    FeeCategory,
    ImportKind,
    ImportState,
)
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import User


class ImportNumber(models.Func):
    """The next import number; bills carry it in four bytes instead of a UUID."""

    template = "nextval('analytics_import_number')"
    output_field = models.IntegerField()


class BillingImportQuerySet(ScopedQuerySet):
    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED_IMPORT_STATES)

    def drafts(self) -> Self:
        return self.filter(state__in=DRAFT_IMPORT_STATES)

    def without_checks(self) -> Self:
        """For lists: what looks and dry runs found is large."""
        return self.defer("looked", "preview", "mapping", "words")

    def loaded(self) -> Self:
        return self.filter(state__in=LOADED_IMPORT_STATES)


class BillingImport(UUIDModel, ScopedModel):
    """One file handed in: what it was, what became of it."""

    scope: ClassVar = ScopePaths(people=("created_by",), unit="created_by__unit")

    number = models.IntegerField(unique=True, db_default=ImportNumber(), editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=ImportKind.choices)
    file = models.FileField(_("file"), upload_to="imports/%Y/%m", max_length=255)
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.BigIntegerField(_("size"), default=0)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    period = models.DateField(_("month, when the file does not say"), null=True, blank=True)
    creates_clients = models.BooleanField(_("create unknown clients"), default=False)
    completes_period = models.BooleanField(_("the month is complete with this file"), default=False)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="corrections", null=True, blank=True
    )
    # Which rows of the quarantine file of `corrects` these are, counted from 0.
    corrects_rows = ArrayField(models.IntegerField(), default=list, blank=True)
    # Set for files that programs hand in: nobody looked at the coverage (ADR 0010).
    holds_thin_month = models.BooleanField(
        _("hold the month when bills seem to be missing"), default=False
    )

    # How a person wants the file to be read; None: as its header names say, or as remembered.
    mapping = models.JSONField(null=True, blank=True)
    words = models.JSONField(default=dict, blank=True)
    # What a first look and a check of a draft found (importing.recognising, importing.dry_run).
    looked = models.JSONField(null=True, blank=True)
    preview = models.JSONField(null=True, blank=True)
    touched_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.QUEUED
    )
    is_cancel_requested = models.BooleanField(default=False)
    error_code = models.CharField(max_length=40, blank=True)
    error_params = models.JSONField(default=dict, blank=True)
    encoding = models.CharField(_("encoding"), max_length=16, blank=True)
    periods = ArrayField(models.DateField(), verbose_name=_("months"), default=list, blank=True)
    rows = models.IntegerField(_("rows"), default=0)
    loaded = models.IntegerField(_("loaded"), default=0)
    quarantined = models.IntegerField(_("quarantined"), default=0)
    warnings = models.IntegerField(_("warnings"), default=0)
    replaced = models.IntegerField(_("rows replaced"), default=0)
    total = models.DecimalField(_("sum"), max_digits=16, decimal_places=2, default=0)
    ignored_columns = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    quarantine_file = models.FileField(upload_to="quarantine/%Y/%m", blank=True, max_length=255)
    quarantine_size = models.BigIntegerField(default=0)
    # Numbers of the earlier imports that lost rows to this one.
    replaced_imports = ArrayField(models.IntegerField(), default=list, blank=True)
    # Months that were not complete before this import said so.
    completed_months = ArrayField(models.DateField(), default=list, blank=True)
    # Months whose state it changed otherwise, and how they stood before; see `period_undo`.
    period_states = models.JSONField(default=dict, blank=True)
    # Place in the order of loading, which is not that of handing in; null when nothing was loaded.
    loaded_as = models.IntegerField(null=True, unique=True, editable=False)

    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="billing_imports", null=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="imports_undone",
        null=True,
        blank=True,
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    # What stayed although the import had made it, and what others had changed since.
    undo_report = models.JSONField(default=dict, blank=True)

    objects = BillingImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("billing import")
        verbose_name_plural = _("billing imports")
        indexes = [models.Index(fields=["-created_at", "-id"], name="analytics_import_newest")]

    def __str__(self) -> str:
        return f"#{self.number} {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:import_detail", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED_IMPORT_STATES

    @property
    def is_draft(self) -> bool:
        return self.state in DRAFT_IMPORT_STATES

    @property
    def is_undoing(self) -> bool:
        return self.state == ImportState.UNDOING

    @property
    def is_working(self) -> bool:
        """A job works on it or will soon: worth looking again."""
        is_waiting = self.state == ImportState.READY
        return self.is_undoing or not (self.is_finished or is_waiting)

    @property
    def draft_url(self) -> str:
        """The page on which a person goes on with a draft; empty while a job works on it."""
        if self.state != ImportState.READY or self.looked is None:
            return ""
        step = "import_preview" if self.preview is not None else "import_columns"
        return reverse(f"analytics:{step}", args=[self.pk])

    @property
    def duration(self) -> timedelta | None:
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None

    @property
    def is_money(self) -> bool:
        return self.kind in (ImportKind.MEMBER_BILL, ImportKind.PRODUCT_BILL)


class ColumnMapping(UUIDModel):
    """How files with one header are read, as somebody confirmed it last.

    `mapping`: column -> position among the header's columns, without those our quarantine file
    adds. `words`: column -> word of the file -> word of ours, "" for an empty cell, None for the
    quarantine.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=ImportKind.choices)
    fingerprint = models.CharField(max_length=64)
    names = models.JSONField(_("columns of the file"), default=list)
    mapping = models.JSONField(default=dict)
    words = models.JSONField(default=dict, blank=True)
    updated_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="column_mappings", null=True
    )
    updated_at = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "fingerprint"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:8]}"


class ImportProblem(ScopedModel):
    """How often one problem occurred in an import, with the first lines that have it."""

    scope: ClassVar = BillingImport.scope.via("billing_import")

    billing_import = models.ForeignKey(
        BillingImport, on_delete=models.CASCADE, related_name="problems"
    )
    code = models.CharField(max_length=40)
    column = models.CharField(max_length=40, blank=True)
    is_warning = models.BooleanField(default=False)
    count = models.IntegerField(default=0)
    first_lines = ArrayField(models.IntegerField(), default=list)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("import problem")
        verbose_name_plural = _("import problems")
        constraints = [
            models.UniqueConstraint(
                fields=["billing_import", "code", "column", "is_warning"],
                name="%(app_label)s_%(class)s_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.column} {self.count}"


class MemberBill(ScopedModel):
    """One member's bill of one month; one partition a month, replaced whole by an import.

    Amounts are whole fen in four bytes: a month has millions of rows. Everything that leaves
    this table is turned into yuan.
    """

    scope: ClassVar = Client.scope.via("client")

    pk = models.CompositePrimaryKey("period", "msisdn")
    client = models.ForeignKey(
        Client, on_delete=models.DO_NOTHING, related_name="member_bills", db_constraint=False
    )
    msisdn = models.BigIntegerField()
    period = models.DateField()
    import_number = models.IntegerField()
    line = models.IntegerField()
    joined_on = models.DateField(null=True)
    local = models.IntegerField()
    domestic_long_distance = models.IntegerField()
    international_long_distance = models.IntegerField()
    roaming_in_province = models.IntegerField()
    roaming_out_of_province = models.IntegerField()
    ip = models.IntegerField()
    sms = models.IntegerField()
    voice_value_added = models.IntegerField()
    mobile_data = models.IntegerField()
    cmnet = models.IntegerField()
    internet_line = models.IntegerField()
    voip_line = models.IntegerField()
    vpn = models.IntegerField()
    other = models.IntegerField()
    discount = models.IntegerField()
    total = models.IntegerField()
    arrears = models.IntegerField()
    points = models.IntegerField()
    status = models.SmallIntegerField(choices=MemberStatus.choices)
    tier = models.SmallIntegerField(choices=Tier.choices)
    payment_method = models.SmallIntegerField(choices=PaymentMethod.choices)
    is_corporate_paid = models.BooleanField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        # Created by SQL in the migration: Django cannot declare partitions.
        managed = False
        db_table = "analytics_memberbill"
        verbose_name = _("member bill")
        verbose_name_plural = _("member bills")

    def __str__(self) -> str:
        return f"{self.period:%Y-%m} {self.status}"


def partition_name(month: date) -> str:
    """The table that holds one month of member bills."""
    return f"analytics_memberbill_{month:%Y%m}"


def kept_name(month: date, number: int) -> str:
    """The table that holds the month as it was before an import: what undoing it puts back."""
    return f"{partition_name(month)}_before_{number}"


class ProductBill(ScopedModel):
    """What a client paid for one group product in one month, in yuan."""

    scope: ClassVar = Client.scope.via("client")

    period = models.DateField()
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="product_bills")
    # The code it was billed under when that is of a client that has gone into this one (ADR 0052).
    former_code = models.CharField(max_length=32, blank=True, default="", db_default="")
    product_code = models.CharField(_("product code"), max_length=32)
    product_name = models.CharField(_("product"), max_length=100, blank=True)
    category = models.CharField(
        _("category"), max_length=32, choices=FeeCategory.choices, default=FeeCategory.OTHER
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    import_number = models.IntegerField()
    line = models.IntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("product bill")
        verbose_name_plural = _("product bills")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "client", "former_code", "product_code"],
                name="%(app_label)s_%(class)s_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m} {self.product_code}"
