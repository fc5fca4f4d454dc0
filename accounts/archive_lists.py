"""The lists of a client's archive: one declaration each for pages, addresses and the API."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import archive_forms as forms
from accounts.models import (
    Agreement,
    Anniversary,
    ArchiveItem,
    Area,
    CollectionCount,
    Department,
    Policy,
    Segment,
    SuccessCase,
)


@dataclass(frozen=True)
class ListKind:
    """A list: what its rows are, in which order, and under which group of fields it stands."""

    slug: str
    model: type[ArchiveItem]
    form: type[forms.ItemForm]
    title: str | Promise
    add_label: str | Promise
    empty_text: str | Promise
    order: tuple[str, ...]
    group: str

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.form._meta.fields or ())


KINDS = (
    ListKind(
        "segments", Segment, forms.SegmentForm, _("Segments"), _("Add a mark"),
        _("Marks to find alike clients by: size, loyalty, way of buying…"),
        ("factor", "value"), "identity",
    ),
    ListKind(
        "anniversaries", Anniversary, forms.AnniversaryForm, _("Anniversaries"),
        _("Add an anniversary"), _("Founding days, new shops, new buildings."),
        ("day",), "identity",
    ),
    ListKind(
        "departments", Department, forms.DepartmentForm, _("Internal organisation"),
        _("Add a department"), _("Which departments there are, and who heads them."),
        ("name",), "organisation",
    ),
    ListKind(
        "collection-counts", CollectionCount, forms.CollectionCountForm,
        _("Users paying by collection"), _("Add a month"),
        _("How many pay by bank collection, month by month."), ("-month",), "money",
    ),
    ListKind(
        "policies", Policy, forms.PolicyForm, _("Preferential policies"), _("Add a policy"),
        _("What the client enjoys at present, and until when."),
        ("-valid_until", "name"), "money",
    ),
    ListKind(
        "agreements", Agreement, forms.AgreementForm, _("Agreements"), _("Add an agreement"),
        _("What was signed so far, earlier VPMN agreements too."),
        ("-signed_on", "product"), "money",
    ),
    ListKind(
        "areas", Area, forms.AreaForm, _("Towns and villages"), _("Add a town or village"),
        _("Only for rural clients: population, use of networks, channels, competition."),
        ("name",), "place",
    ),
    ListKind(
        "success-cases", SuccessCase, forms.SuccessCaseForm, _("Success cases"),
        _("Tell a success case"),
        _("What went well here helps colleagues with clients of the same industry."),
        ("-created_at",), "relation",
    ),
)  # fmt: skip
BY_SLUG = {kind.slug: kind for kind in KINDS}
BY_MODEL = {kind.model: kind for kind in KINDS}
