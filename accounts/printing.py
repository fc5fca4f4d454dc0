"""The documents of this app and the dossier's own sections; registered when the app is ready."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Client, Handover, HandoverShare, Report
from accounts.selectors import dossier, files, handover_pack, report_document
from accounts.selectors.dossier import DossierSection, Part
from accounts.selectors.handover_pack import PackSection
from staff import documents
from staff.forms import DocumentForm
from staff.models import User

DOSSIER = "client-dossier"
HANDOVER_PACK = "handover-pack"
SHARE_PACK = "handover-share-pack"
REPORT = "report"
RIGHT = "accounts.export_clients"


class DossierForm(DocumentForm):
    audience = forms.ChoiceField(
        label=_("Who will read it?"),
        choices=[
            ("internal", _("Colleagues: everything on file")),
            ("client", _("The client: without anything internal")),
        ],
        initial="internal",
        widget=forms.RadioSelect,
    )
    field_order = ("audience", "format", "reason")


def find_client(user: User, pk: str) -> Client | None:
    return Client.objects.visible_to(user).with_people().filter(pk=UUID(pk)).first()


def find_handover(user: User, pk: str) -> Handover | None:
    rows = Handover.objects.select_related("source", "handed_over_by")
    return rows.visible_to(user).filter(pk=UUID(pk)).first()


def find_share(user: User, pk: str) -> HandoverShare | None:
    rows = HandoverShare.objects.select_related(
        "target", "handover__source", "handover__handed_over_by"
    )
    return rows.visible_to(user).filter(pk=UUID(pk)).first()


def find_report(user: User, pk: str) -> Report | None:
    return Report.objects.visible_to(user).with_people().filter(pk=UUID(pk)).first()


PERSONAL = {
    "name": pgettext_lazy("of a person", "Name"),
    "mobile": _("Mobile"),
    "birthday": _("Birthday"),
    "msisdn": _("Number"),
}


def register() -> None:
    _register_dossier()
    _register_pack()
    documents.register(
        REPORT,
        documents.DocumentKind(_("Report"), RIGHT, find_report, report_document.build, personal={}),
    )


def _register_pack() -> None:
    for name, find in ((HANDOVER_PACK, find_handover), (SHARE_PACK, find_share)):
        documents.register(
            name,
            documents.DocumentKind(
                _("Handover pack"),
                RIGHT,
                find,
                handover_pack.build_pack,
                personal={name: PERSONAL[name] for name in ("name", "birthday")},
                people=handover_pack.people_in,
            ),
        )
    for name, section in {
        "clients": PackSection(_("Clients"), 10, handover_pack.clients_section),
        "promises": PackSection(_("Open promises"), 20, handover_pack.promises_section),
        "instructions": PackSection(_("Open instructions"), 50, handover_pack.instructions_section),
        "escalations": PackSection(_("Open escalations"), 60, handover_pack.escalations_section),
        "care": PackSection(_("Days to remember"), 70, handover_pack.care_section),
    }.items():
        handover_pack.register(name, section)


def _register_dossier() -> None:
    documents.register(
        DOSSIER,
        documents.DocumentKind(
            _("Client dossier"),
            RIGHT,
            find_client,
            dossier.build_dossier,
            personal=PERSONAL,
            people=dossier.people_in,
        ),
    )
    for name, section in {
        "basic": DossierSection(
            _("Basic information"), Part.ARCHIVE, 10, dossier.basic_section, client_may_read=True
        ),
        "people": DossierSection(
            _("People"), Part.ARCHIVE, 20, dossier.people_section, client_may_read=True
        ),
        "members": DossierSection(
            _("Members"), Part.ARCHIVE, 30, dossier.members_section, client_may_read=True
        ),
        "lists": DossierSection(_("Lists of the archive"), Part.ARCHIVE, 15, dossier.lists_section),
        "agreements": DossierSection(
            _("Agreements by product"),
            Part.AGREEMENT,
            10,
            dossier.agreements_section,
            client_may_read=True,
        ),
        **{
            f"files-{part.name.lower()}": DossierSection(
                _("Files"), part, 80, files.dossier_section(part)
            )
            for part in Part
        },
        "history": DossierSection(_("History"), Part.ARCHIVE, 90, dossier.history_section),
    }.items():
        dossier.register(name, section)
