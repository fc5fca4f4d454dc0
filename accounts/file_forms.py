"""Input about files of clients."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.choices import FileKind
from accounts.forms import sensible
from accounts.models import Client, ClientFile, Contact
from crm.lib.file_types import NAMES
from crm.lib.forms import offer
from staff.models import User

AT_ONCE = 20


def accepted() -> str:
    """What the browser offers to choose from; what is taken is decided by content."""
    taken = [NAMES[name] for name in settings.FILE_TYPES]
    return ",".join(suffix for each in taken for suffix in each.suffixes)


class AddFilesForm(forms.Form):
    """What several files that are added together have in common."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("By content")), *FileKind.choices],
        required=False,
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Contact"), required=False, empty_label=_("nobody")
    )

    def __init__(self, *args: Any, client: Client, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", contacts_of(client, user))


class FileForm(forms.ModelForm):
    taken_on = forms.DateField(
        label=_("Of the day"), required=False, widget=forms.DateInput, validators=[sensible]
    )

    class Meta:
        model = ClientFile
        fields = ("title", "kind", "contact", "taken_on")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", contacts_of(self.instance.client, user))


class FileTabForm(forms.Form):
    """What the tab shows."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *FileKind.choices], required=False
    )
    is_removed = forms.ChoiceField(
        label=_("Show"),
        choices=[("", _("What is on file")), ("true", _("What was removed"))],
        required=False,
    )


def contacts_of(client: Client, user: User) -> Any:
    return client.contacts.visible_to(user).order_by("-is_active", "sort_key", "pk")
