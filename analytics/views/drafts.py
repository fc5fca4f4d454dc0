"""The way of a file from a page into the tables: columns, dry run, loading (ADR 0020)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.choices import ImportKind
from analytics.exceptions import NotLookedAt
from analytics.forms import ColumnsForm, UploadForm
from analytics.importing.columns import FORMATS
from analytics.importing.problems import ROW_PROBLEMS
from analytics.importing.reading import Chosen
from analytics.importing.recognising import Look, without_numbers
from analytics.models import BillingImport, ColumnMapping
from analytics.services import drafts
from crm.lib.http import StaffRequest
from crm.lib.templatetags.components import money
from crm.lib.views import permission, visible_or_404

ODDITIES: Mapping[str, Any] = {
    "many_bad": gettext_lazy("%(bad)s of %(rows)s rows (%(percent)s %%) would be quarantined."),
    "future_month": gettext_lazy("%(month)s lies in the future."),
    "old_month": gettext_lazy("%(month)s was %(age)s months ago."),
    "complete_month": gettext_lazy(
        "%(month)s is complete already: its facts and alerts will be made anew."
    ),
    "rows_differ": gettext_lazy(
        "%(month)s would have %(after)s rows, the month before has %(before)s (%(change)s %%)."
    ),
    "sum_differs": gettext_lazy(
        "%(month)s would have a sum of %(after)s, the month before has %(before)s (%(change)s %%)."
    ),
}


@permission("analytics.import_bills")
def import_create(request: StaffRequest) -> HttpResponse:
    """The first step: only a file; what it is, it says itself."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        draft = drafts.hand_in_draft(
            file=file, file_name=file.name, size=file.size, now=timezone.now(), by=request.user
        )
        return HttpResponseRedirect(draft.get_absolute_url())
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "analytics/import_create.html", {"form": form}, status=status)


@permission("analytics.import_bills")
def import_columns(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The second step: what the file is and what its columns and words mean."""
    draft = visible_or_404(BillingImport, request, pk)
    if not draft.draft_url:
        return HttpResponseRedirect(draft.get_absolute_url())
    look = Look.from_json(draft.looked or {})
    kind = _kind(request, draft)
    form = ColumnsForm(
        request.POST or None, look=look, kind=kind, chosen=_chosen(draft, kind, look),
        initial={name: getattr(draft, name) for name in ColumnsForm.OPTIONS},
    )  # fmt: skip
    is_refresh = "refresh" in request.POST
    if form.is_bound and not is_refresh and form.is_valid():
        drafts.confirm_columns(
            billing_import=draft, kind=kind, mapping=form.mapping, words=form.words,
            period=form.cleaned_data.get("period"),
            creates_clients=form.cleaned_data.get("creates_clients", False),
            completes_period=form.cleaned_data.get("completes_period", False),
            now=timezone.now(), by=request.user,
        )  # fmt: skip
        return HttpResponseRedirect(draft.get_absolute_url())
    context = {
        "import": draft, "look": look, "form": form, "kind": kind, "kinds": ImportKind.choices,
        "remembered": look.confirmed.get(kind) if draft.mapping is None else None,
        "show_errors": form.is_bound and not is_refresh,
    }  # fmt: skip
    part = "#import-columns" if request.htmx else ""
    status = 422 if context["show_errors"] else 200
    return TemplateResponse(request, "analytics/import_columns.html" + part, context, status=status)


def _kind(request: StaffRequest, draft: BillingImport) -> str:
    asked = request.POST.get("kind") or request.GET.get("kind") or draft.kind
    return asked if asked in FORMATS else draft.kind


def _chosen(draft: BillingImport, kind: str, look: Look) -> Chosen | None:
    """What the person said before, else what is remembered; None leaves it to the guesses."""
    if draft.mapping is not None and kind == draft.kind:
        return Chosen(draft.mapping, draft.words)
    words = look.words.get(kind)
    if words is None:
        return None
    guesses = enumerate(look.guesses[kind])
    return Chosen({guess.column: place for place, guess in guesses if guess.column}, words)


@permission("analytics.import_bills")
def import_preview(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The third step: what loading would do; posting it loads."""
    draft = visible_or_404(BillingImport, request, pk)
    error = ""
    if request.method == "POST":
        try:
            drafts.confirm_load(
                billing_import=draft, looked_at=request.POST.getlist("looked_at"),
                now=timezone.now(), by=request.user,
            )  # fmt: skip
        except NotLookedAt as refusal:
            error = refusal.message
        else:
            return HttpResponseRedirect(draft.get_absolute_url())
    if not draft.draft_url or draft.preview is None:
        return HttpResponseRedirect(draft.get_absolute_url())
    preview = draft.preview
    context = {
        "import": draft, "preview": preview, "error": error,
        "oddities": [(drafts.oddity_key(odd), oddity_sentence(odd)) for odd in preview["odd"]],
        "months": [_month(each) for each in preview["months"]],
        "total": sum(each["new"]["fen"] for each in preview["months"]) / 100,
        "problems": [
            (problem, ROW_PROBLEMS.get(problem["code"], problem["code"]))
            for problem in preview["problems"]
        ],
        "examples": [_example(draft, each) for each in preview["examples"]],
    }  # fmt: skip
    status = 422 if error else 200
    return TemplateResponse(request, "analytics/import_preview.html", context, status=status)


def oddity_sentence(odd: Mapping[str, Any]) -> str:
    params = dict(odd)
    for name in ("rows", "bad", "before", "after"):
        if name in params:
            params[name] = f"{params[name]:,}"
    if odd["code"] == "sum_differs":
        params |= {name: f"¥{odd[name] / 100:,.2f}" for name in ("before", "after")}
    if "change" in params:
        params["change"] = f"{odd['change']:+}"
    return str(ODDITIES[odd["code"]]) % params


def _month(preview: Mapping[str, Any]) -> dict[str, Any]:
    """A month of the preview with its sums in yuan."""
    figures = {
        name: {**preview[name], "sum": money(preview[name]["fen"] / 100)}
        for name in ("new", "stored", "before", "after")
    }
    return {**preview, **figures}


def _example(draft: BillingImport, example: Mapping[str, Any]) -> dict[str, Any]:
    """A bad row: what is wrong in which cell, and the whole row as it stands in the file."""
    places, names = draft.mapping or {}, (draft.preview or {})["names"]
    cells = example["cells"]
    wrong = []
    for code, column in example["problems"]:
        place = places.get(column)
        known = place is not None and place < min(len(cells), len(names))
        wrong.append(
            {
                "column": without_numbers(names[place]) if known else column,
                "cell": cells[place] if known else "",
                "sentence": ROW_PROBLEMS.get(code, code),
            }
        )
    return {"line": example["line"], "wrong": wrong, "row": " | ".join(cells)}


@permission("analytics.import_bills")
def mapping_list(request: StaffRequest) -> HttpResponse:
    """What is remembered about headers, for everybody who hands files in."""
    mappings = ColumnMapping.objects.select_related("updated_by").order_by("-updated_at", "pk")
    context = {"mappings": [(mapping, _pairs(mapping)) for mapping in mappings[:200]]}
    return TemplateResponse(request, "analytics/mapping_list.html", context)


def _pairs(mapping: ColumnMapping) -> list[str]:
    """Header of the file → our column, then own words, in few words."""
    labels = {column.name: column.label for column in FORMATS.get(mapping.kind, ())}
    names = mapping.names
    pairs = [
        f"{names[place]} → {labels[name]}"
        for name, place in sorted(mapping.mapping.items(), key=lambda pair: pair[1])
        if place < len(names) and name in labels
    ]
    words = [
        f"{labels.get(column, column)}: {word} → {_meaning(ours)}"
        for column, own in mapping.words.items()
        for word, ours in own.items()
    ]
    return [*pairs, *words]


def _meaning(ours: str | None) -> str:
    return _("quarantine") if ours is None else ours or _("nothing")


@permission("analytics.import_bills")
def mapping_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    mapping = get_object_or_404(ColumnMapping, pk=pk)
    if request.method == "POST":
        drafts.forget_mapping(mapping=mapping, by=request.user)
        return HttpResponseRedirect(reverse("analytics:mapping_list"))
    return TemplateResponse(
        request,
        "crud/confirm.html",
        {
            "title": _("Forget this mapping"),
            "text": _("Files with this header are then read by their names, or asked about again."),
            "consequences": _pairs(mapping)[:20],
            "cancel_url": reverse("analytics:mapping_list"),
            "submit_label": _("Forget"),
        },
    )
