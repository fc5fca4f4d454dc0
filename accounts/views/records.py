"""A record about a client on a page of its own, with the forms of whoever may answer it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.forms import AnswerForm
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import require


@dataclass(frozen=True)
class Button:
    """One way to answer; `name` is what its form field is called."""

    label: str | Promise
    name: str = "answer_it"
    css: str = "btn-primary"
    icon: str = "check"


@dataclass(frozen=True)
class Answering:
    """How the person who looks may answer: the right, the service, the buttons.

    `verb` takes the request and what the form has; `is_offered` says whether there is a form.
    """

    right: str
    is_offered: bool
    title: str
    done: str
    verb: Callable[[StaffRequest, dict[str, Any]], object]
    buttons: Sequence[Button] = field(default_factory=lambda: [Button(_("Send"))])


def record_page(
    request: StaffRequest,
    record: Any,
    *,
    title: str,
    facts: Sequence[tuple[object, object]],
    list_name: str,
    list_label: str,
    answering: Answering,
    tab: str,
    actions: Sequence[tuple[str, object, str]] = (),
) -> HttpResponse:
    """Shows the record; POST answers it. `actions`: address, label and icon of further buttons."""
    form: BaseForm = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request, answering.right)
        if form.is_valid() and _answered(request, answering, form):
            return HttpResponseRedirect(record.get_absolute_url())
    context = {
        "record": record,
        "title": title,
        "facts": facts,
        "list_url": reverse(list_name),
        "list_label": list_label,
        "form": form,
        "answering": answering if request.user.has_perm(answering.right) else None,
        "client_url": reverse(tab, args=[record.client_id]),
        "actions": actions,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/record_detail.html", context, status=status)


def _answered(request: StaffRequest, answering: Answering, form: BaseForm) -> bool:
    try:
        answering.verb(request, form.cleaned_data)
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, answering.done)
    return True


def person_and_time(person: Any, at: Any) -> str:
    """Who and when, as one value of a fact."""
    return f"{person.full_name} · {timezone.localtime(at):%Y-%m-%d %H:%M}" if person else "–"
