"""How often values are judged and representatives go on visits: in force, changing, history."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import ClientClass, RhythmKind
from accounts.rhythm_forms import RhythmForm
from accounts.selectors import rhythms as selectors
from accounts.services import rhythms
from accounts.views.sections import sections
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import form_page, permission


@permission("accounts.view_client")
def rhythm_list(request: StaffRequest) -> HttpResponse:
    context = {
        "rows": selectors.rhythm_rows(),
        "history": selectors.rhythm_history(),
        "may_change": selectors.may_change(request.user),
        "sections": sections(request, "accounts:rhythm_list"),
    }
    return TemplateResponse(request, "accounts/rhythm_list.html", context)


@permission("accounts.change_rhythms")
def rhythm_change(request: StaffRequest, kind: str, letter: str) -> HttpResponse:
    """A new version of one rhythm; the old ones stay in the history."""
    if kind not in RhythmKind.values or letter not in ClientClass.values:
        raise Http404
    back = reverse("accounts:rhythm_list")
    form = RhythmForm(request.POST or None, initial={"months": selectors.rhythms()[kind, letter]})
    if request.method == "POST" and form.is_valid():
        try:
            rhythms.change_rhythm(
                kind=kind, client_class=letter, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved. What is due has moved with it."))
            return HttpResponseRedirect(back)
    return form_page(
        request,
        form,
        title=RhythmKind(kind).label,
        subtitle=_("Class %(letter)s") % {"letter": letter},
        cancel_url=back,
        columns=1,
    )
