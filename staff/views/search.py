"""The search box: a dialog on every page, and a page of its own for those without scripts."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from crm.lib import search
from crm.lib.http import StaffRequest
from crm.lib.views import is_fragment, permission

FEW = 5  # hits of each kind
MANY = 50  # of one kind alone


@never_cache
@require_http_methods(["GET", "POST"])
@permission("staff.do_task")
def search_page(request: StaffRequest) -> HttpResponse:
    """What was found, of every kind or of one.

    The box posts, so that numbers of people never get into an address (P35). Other words go on to
    an address that can be kept.
    """
    sent = request.POST if request.method == "POST" else request.GET
    kinds = {kind.name: kind for kind in search.kinds_for(request.user)}
    only = sent.get("kind", "") if sent.get("kind", "") in kinds else ""
    found = search.parsed(request.user, sent.get("q", ""))
    if request.method == "POST" and not is_fragment(request) and not found.holds_number:
        return HttpResponseRedirect(_address(found.text, only))
    context = {
        "q": sent.get("q", "")[: search.LONGEST],
        "kinds": list(kinds.values()),
        "only": only,
        "is_usable": found.is_usable,
        "is_empty": not found.text,
        "sections": search.sections(found, limit=MANY if only else FEW, only=only),
        "suggestions": [] if found.text else search.suggestions(request.user),
        "limit": MANY,
    }
    part = "#search-results" if is_fragment(request) else ""
    return TemplateResponse(request, f"staff/search.html{part}", context)


def _address(text: str, only: str) -> str:
    query = {name: value for name, value in (("q", text), ("kind", only)) if value}
    return f"{reverse('staff:search')}?{urlencode(query)}" if query else reverse("staff:search")
