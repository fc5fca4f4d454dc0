"""Input about handing clients over."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientClass, SplitWay
from accounts.models import Client, ClientQuerySet
from accounts.selectors.choices import possible_owners
from accounts.selectors.handovers import clients_of, portfolio_sizes
from accounts.splitting import Plan
from crm.lib.forms import offer
from staff.models import User

FIELD = "to-"  # a field for each client


class PeopleField(forms.ModelMultipleChoiceField):
    """People with the number of their clients behind the name."""

    sizes: dict[int, int] = {}

    def label_from_instance(self, person: User) -> str:
        return f"{person.full_name} ({self.sizes.get(person.pk, 0)})"


class PersonField(forms.ModelChoiceField):
    sizes: dict[int, int] = {}

    def label_from_instance(self, person: User) -> str:
        return f"{person.full_name} ({self.sizes.get(person.pk, 0)})"


class HandoverChoiceForm(forms.Form):
    """Whose clients, which of them, to whom, and how they are dealt out; asked in the address."""

    source = PersonField(
        User.objects.none(),
        label=_("Clients of"),
        error_messages={
            "invalid_choice": _("This person has no clients that you could hand over.")
        },
    )
    client_class = forms.MultipleChoiceField(
        label=_("Only clients of class"),
        choices=ClientClass.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: clients of every class"),
    )
    targets = PeopleField(
        User.objects.none(),
        label=_("Hand over to"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The number of clients each has now stands behind the name"),
    )
    way = forms.ChoiceField(
        label=_("How to share them out"), choices=SplitWay.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by
        owners = Client.objects.visible_to(by).exclude(owner=None).values("owner")
        self._offer("source", User.objects.filter(pk__in=owners).order_by("full_name", "pk"))
        self._offer("targets", possible_owners(by).order_by("full_name", "pk"))

    def _offer(self, name: str, people: QuerySet[User]) -> None:
        offer(self, name, people)
        field = self.fields[name]
        assert isinstance(field, PeopleField | PersonField)  # noqa: S101 -- for the checker
        field.sizes = portfolio_sizes(people)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        source, targets = cleaned.get("source"), cleaned.get("targets")
        if source and targets and source in targets:
            self.add_error("targets", _("Choose other people than the one who has the clients."))
        return cleaned

    def clients(self) -> ClientQuerySet:
        clients = clients_of(self.cleaned_data["source"], self._by)
        classes = self.cleaned_data["client_class"]
        return clients.filter(client_class__in=classes) if classes else clients


class HandoverForm(forms.Form):
    """The last step. `key` makes the same form sent twice one handover."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For instance leave, transfer, new districts"),
    )


class UndoHandoverForm(forms.Form):
    reason = forms.CharField(label=_("Why is the handover undone?"), max_length=200)


def plan_from(data: QueryDict, targets: Iterable[User]) -> Plan:
    """Who was chosen for each client; fields that make no sense count as "stays"."""
    people = {str(person.pk): person.pk for person in targets}
    plan: Plan = {}
    for name, value in data.items():
        if name.startswith(FIELD) and value in people:
            try:
                plan[UUID(name.removeprefix(FIELD))] = people[str(value)]
            except ValueError:
                continue
    return plan
