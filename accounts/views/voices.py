"""Voices of clients and improvements: lists, recording, suggesting, answering."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.filters import ImprovementFilter, VoiceFilter
from accounts.models import ClientVoice, Improvement
from accounts.services import voices
from accounts.views.client_page import client_of_query
from accounts.voice_forms import ImprovementAnswerForm, ImprovementForm, VoiceForm
from accounts.voice_tables import IMPROVEMENT_TONES, ImprovementTable, VoiceTable
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import (
    ScopedListView,
    form_done,
    form_page,
    permission,
    require,
    visible_or_404,
)


class VoiceListView(ScopedListView):
    model = ClientVoice
    filterset_class = VoiceFilter
    table_class = VoiceTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/voice_list.html"
    title = gettext_lazy("Voices of clients")
    empty_title = gettext_lazy("No voices yet")
    empty_text = gettext_lazy("What a client says of us is recorded on the client's page.")
    empty_icon = "note"

    def queryset(self) -> Any:
        return super().queryset().select_related("client", "recorded_by")


@permission("accounts.record_voice")
def voice_create(request: StaffRequest) -> HttpResponse:
    """Feedback of the client that `?client=` names."""
    client = client_of_query(request)
    form = VoiceForm(request.POST or None, client=client)
    if request.method == "POST" and form.is_valid():
        try:
            voice = voices.record_voice(
                client=client, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return form_done(request, voice.get_absolute_url(), _("Recorded."))
    return form_page(
        request,
        form,
        title=_("Voice of the client"),
        subtitle=client.name,
        cancel_url=client.get_absolute_url(),
    )


@permission("accounts.view_client")
def voice_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    rows = ClientVoice.objects.select_related("client", "contact", "recorded_by", "improvement")
    voice = visible_or_404(rows, request, pk)
    made = Improvement.objects.visible_to(request.user).filter(voice=voice).first()
    context = {"voice": voice, "improvement": made, "has_improvement": _has_one(voice)}
    return TemplateResponse(request, "accounts/voice_detail.html", context)


def _has_one(voice: ClientVoice) -> bool:
    return getattr(voice, "improvement", None) is not None


@permission("accounts.record_voice")
def voice_improve(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Turn what a client said into a suggestion to make something better."""
    voice = visible_or_404(ClientVoice.objects.select_related("client__unit"), request, pk)
    return _suggest(request, voice)


@permission("accounts.record_voice")
def improvement_create(request: StaffRequest) -> HttpResponse:
    return _suggest(request, None)


def _suggest(request: StaffRequest, voice: ClientVoice | None) -> HttpResponse:
    initial = {"text": voice.text} if voice else {}
    form = ImprovementForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = voices.suggest_improvement(
                voice=voice, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Suggested; your supervisor is told."))
            return HttpResponseRedirect(row.get_absolute_url())
    back = voice.get_absolute_url() if voice else reverse("accounts:improvement_list")
    return form_page(
        request,
        form,
        title=_("Suggest an improvement"),
        subtitle=voice.client.name if voice else "",
        cancel_url=back,
        submit_label=_("Suggest"),
        columns=1,
    )


class ImprovementListView(ScopedListView):
    """The log: open, taken up, done, declined (ORG-15)."""

    model = Improvement
    filterset_class = ImprovementFilter
    table_class = ImprovementTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/improvement_list.html"
    title = gettext_lazy("Improvements")
    empty_title = gettext_lazy("No improvements suggested yet")
    empty_text = gettext_lazy("Suggest what would make our service better.")
    empty_icon = "star"

    def queryset(self) -> Any:
        return super().queryset().select_related("unit", "suggested_by")


@permission("accounts.view_client")
def improvement_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The suggestion; whoever may says here what becomes of it."""
    rows = Improvement.objects.select_related("unit", "suggested_by", "answered_by", "voice")
    row = visible_or_404(rows, request, pk)
    states = voices.NEXT.get(row.state, ())
    form = ImprovementAnswerForm(request.POST if request.method == "POST" else None, states=states)
    if request.method == "POST":
        require(request, "accounts.answer_improvement")
        if form.is_valid():
            try:
                voices.answer_improvement(
                    improvement=row, now=timezone.now(), by=request.user, **form.cleaned_data
                )
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("Saved; whoever suggested it is told."))
                return HttpResponseRedirect(row.get_absolute_url())
    voice = ClientVoice.objects.visible_to(request.user).filter(improvement=row).first()
    context = {
        "row": row,
        "tone": IMPROVEMENT_TONES[row.state],
        "voice": voice,
        "form": form,
        "may_answer": bool(states) and request.user.has_perm("accounts.answer_improvement"),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/improvement_detail.html", context, status=status)
