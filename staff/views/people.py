"""People of ours: list, page, account, password, positions."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, form_page, permission, visible_or_404
from staff import holdings
from staff.filters import PersonFilter
from staff.forms.people import PersonForm
from staff.models import Appointment, User
from staff.selectors.authority import may_administer, people_to_administer
from staff.selectors.person_page import duties_of, person_history
from staff.services import people
from staff.tables import PersonTable


class PersonListView(ScopedListView):
    model = User
    filterset_class = PersonFilter
    table_class = PersonTable
    right = "staff.view_people"
    title = gettext_lazy("Our people")
    empty_title = gettext_lazy("Nobody here yet")
    empty_text = gettext_lazy("Add the people of your units.")
    empty_icon = "users"

    def queryset(self) -> Any:
        people = super().queryset().select_related("unit")
        portfolio = holdings.portfolio()
        return portfolio.annotate(people, cast("User", self.request.user)) if portfolio else people

    def extra_context(self) -> dict[str, Any]:
        context = {"above_list": "staff/_team_nav.html", "active_tab": "people"}
        if self.request.user.has_perm("staff.edit_people"):
            context["create_url"] = reverse("staff:person_create")
            context["create_label"] = _("New person")
        return context


@permission("staff.do_task")
def my_page(request: StaffRequest) -> HttpResponse:
    return HttpResponseRedirect(request.user.get_absolute_url())


@permission("staff.do_task")
def person_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Oneself, and for those who answer for a unit everybody in it."""
    person = visible_or_404(User.objects.select_related("unit"), request, pk)
    appointments = Appointment.objects.visible_to(request.user).filter(person=person)
    context = {
        "person": person,
        "appointments": appointments.select_related("position", "unit").order_by(
            "-started_on", "-pk"
        ),
        "duties": duties_of(person, request.user),
        "history": person_history(person),
        "may_edit": may_administer(request.user, person),
        "facts": _facts(person),
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "staff/person_detail.html", context)


@never_cache
@permission("staff.edit_people")
def person_create(request: StaffRequest) -> HttpResponse:
    """The answer to the form is the only place where the first password is ever shown."""
    form = PersonForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = people.add_person(by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return _password_page(request, person, password)
    cancel = reverse("staff:person_list")
    return form_page(request, form, title=_("New person"), cancel_url=cancel)


@permission("staff.edit_people")
def person_edit(request: StaffRequest, pk: int) -> HttpResponse:
    person = _to_administer(request, pk)
    form = PersonForm(request.POST or None, instance=person, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_person(person=person, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(person.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Edit %(name)s") % {"name": person.full_name},
        cancel_url=person.get_absolute_url(),
    )


@never_cache
@permission("staff.edit_people")
def person_password(request: StaffRequest, pk: int) -> HttpResponse:
    person = _to_administer(request, pk)
    if request.method == "POST":
        password = people.reset_password(person=person, by=request.user)
        return _password_page(request, person, password)
    return _confirm(
        request,
        person,
        title=_("New password"),
        text=_("Make a new password for %(name)s?") % {"name": person.full_name},
        consequences=[
            _("The old one stops working and every open session ends."),
            _("It is shown once, and has to be changed at the next login."),
        ],
        submit_label=_("Make a password"),
    )


@permission("staff.edit_people")
def person_disable(request: StaffRequest, pk: int) -> HttpResponse:
    """Sessions, tokens and exports end with the next request (P4)."""
    person = _to_administer(request, pk)
    if request.method == "POST":
        people.set_active(user=person, is_active=False, by=request.user)
        messages.success(request, _("The account is disabled."))
        return HttpResponseRedirect(person.get_absolute_url())
    return _confirm(
        request,
        person,
        title=_("Disable the account"),
        text=_("End the access of %(name)s?") % {"name": person.full_name},
        consequences=[
            _("Sessions, API tokens and exports stop working at once."),
            _("The account can be enabled again, with a new password and without the tokens."),
        ],
        duties=duties_of(person, request.user),
        submit_label=_("Disable the account"),
        is_danger=True,
    )


@never_cache
@permission("staff.edit_people")
def person_enable(request: StaffRequest, pk: int) -> HttpResponse:
    person = _to_administer(request, pk)
    if request.method == "POST":
        password = people.restore_access(person=person, by=request.user)
        return _password_page(request, person, password)
    return _confirm(
        request,
        person,
        title=_("Enable the account"),
        text=_("Give %(name)s access again?") % {"name": person.full_name},
        consequences=[_("A new password is made; it is shown once.")],
        submit_label=_("Enable the account"),
    )


def _to_administer(request: StaffRequest, pk: int) -> User:
    """Peers and people above are in sight of some, but nobody here administers them."""
    return visible_or_404(people_to_administer(request.user), request, pk)


def _password_page(request: StaffRequest, person: User, password: str) -> HttpResponse:
    context = {"person": person, "password": password}
    return TemplateResponse(request, "staff/person_password.html", context)


def _confirm(request: StaffRequest, person: User, **context: Any) -> HttpResponse:
    context |= {"cancel_url": person.get_absolute_url()}
    return TemplateResponse(request, "staff/person_confirm.html", context)


def _facts(person: User) -> list[tuple[str, object]]:
    return [
        (_("User name"), person.username),
        (_("Role"), person.get_role_display()),
        (_("Unit"), person.unit.name),
        (_("Title"), person.title or "–"),
        (_("E-mail"), person.email or "–"),
        (_("Phone"), person.phone or "–"),
    ]
