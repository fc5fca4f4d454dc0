"""The documents of this app and the dossier's own sections; registered when the app is ready."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from accounts.selectors import dossier
from accounts.selectors.dossier import DossierSection, Part
from staff import documents
from staff.forms import DocumentForm
from staff.models import User

DOSSIER = "client-dossier"
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


def register() -> None:
    documents.register(
        DOSSIER,
        documents.DocumentKind(_("Client dossier"), RIGHT, find_client, dossier.build_dossier),
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
        "history": DossierSection(_("History"), Part.ARCHIVE, 90, dossier.history_section),
    }.items():
        dossier.register(name, section)
