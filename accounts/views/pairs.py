"""Pages of records that may be the same: the list, the two beside each other, the judgement."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.choices import PAIR_VERDICTS, PairState
from accounts.filters import SuspectedPairFilter
from accounts.models import SuspectedPair
from accounts.pair_tables import PAIR_TONES, SuspectedPairTable
from accounts.selectors.pairs import compared, fields_differing
from accounts.services import pairs
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, permission, visible_or_404


class SuspectedPairListView(ScopedListView):
    model = SuspectedPair
    filterset_class = SuspectedPairFilter
    table_class = SuspectedPairTable
    right = "accounts.judge_pair"
    title = gettext_lazy("Suspected duplicates")
    empty_title = gettext_lazy("No suspected duplicates")
    empty_text = gettext_lazy(
        "Every night clients and contacts that may be the same are looked for."
    )
    empty_icon = "users"

    def queryset(self) -> Any:
        return super().queryset().with_records()

    def extra_context(self) -> dict[str, Any]:
        if not self.request.user.has_perm("accounts.merge_records"):
            return {}
        return {"link_url": reverse("accounts:merge_list"), "link_label": _("Merges")}


def _get(request: StaffRequest, pk: UUID) -> SuspectedPair:
    return visible_or_404(SuspectedPair.objects.with_records(), request, pk)


@permission("accounts.judge_pair")
def pair_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Both records field by field, with links to them."""
    pair = _get(request, pk)
    rows = compared(pair)
    context = {
        "pair": pair,
        "tone": PAIR_TONES[PairState(pair.state)],
        "rows": rows,
        "differing": fields_differing(rows),
        "may_judge": pair.state in {PairState.OPEN, PairState.LATER},
    }
    return TemplateResponse(request, "accounts/pair_detail.html", context)


@require_POST
@permission("accounts.judge_pair")
def pair_judge(request: StaffRequest, pk: UUID) -> HttpResponse:
    pair = _get(request, pk)
    verdict = request.POST.get("verdict", "")
    if verdict not in PAIR_VERDICTS:
        raise BadRequest
    pairs.judge_pair(
        pair=pair, verdict=verdict, now=timezone.now(), today=timezone.localdate(), by=request.user
    )
    messages.success(request, _("Noted; it can be taken back here."))
    return HttpResponseRedirect(pair.get_absolute_url())


@require_POST
@permission("accounts.judge_pair")
def pair_reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    pair = _get(request, pk)
    pairs.reopen_pair(pair=pair, now=timezone.now(), by=request.user)
    messages.success(request, _("Taken back."))
    return HttpResponseRedirect(pair.get_absolute_url())
