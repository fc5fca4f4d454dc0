"""Skills of a person, the training catalogue, sessions, career steps."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import StaffRequest
from crm.lib.views import form_page, permission, visible_or_404
from staff.forms.skills import AssessmentForm, AttendanceForm, CareerForm, SessionForm
from staff.models import Attendance, CareerStep, Course, TrainingSession, User
from staff.selectors.skills import competence
from staff.services import skills

SHOWN = 50


@permission("staff.do_task")
def person_skills(request: StaffRequest, pk: int) -> HttpResponse:
    """One's own, and for those who answer for a unit everybody's in it."""
    person = visible_or_404(User.objects.select_related("unit"), request, pk)
    profile, history = competence(request.user, person)
    form = AssessmentForm(request.POST or None, qualities=[row.quality for row in profile])
    if request.method == "POST" and form.is_valid():
        skills.assess(
            person=person,
            values=form.values(),
            note=form.cleaned_data["note"],
            today=timezone.localdate(),
            by=request.user,
        )
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)
    attended = Attendance.objects.visible_to(request.user).filter(person=person)
    context = {
        "person": person,
        "profile": profile,
        "history": history,
        "form": form,
        "may_assess": person == request.user or request.user.has_perm("staff.train_people"),
        "attended": attended.select_related("session__course").order_by("-session__held_on", "-pk")[
            :SHOWN
        ],
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "staff/person_skills.html", context, status=status)


@permission("staff.view_people")
def training_page(request: StaffRequest) -> HttpResponse:
    sessions = TrainingSession.objects.visible_to(request.user).select_related("course", "unit")
    context = {
        "courses": Course.objects.order_by("kind", "code"),
        "sessions": sessions.order_by("-held_on", "-pk")[:SHOWN],
        "steps": CareerStep.objects.select_related("from_position", "to_position").order_by("pk"),
    }
    return TemplateResponse(request, "staff/training.html", context)


@permission("staff.train_people")
def session_create(request: StaffRequest) -> HttpResponse:
    initial = {"unit": request.user.unit_id, "held_on": timezone.localdate()}
    form = SessionForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        session = skills.hold_session(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("staff:session_detail", args=[session.pk]))
    cancel = reverse("staff:training")
    return form_page(request, form, title=_("New training session"), cancel_url=cancel)


@permission("staff.train_people")
def session_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who took part; another one is added below."""
    rows = TrainingSession.objects.select_related("course", "unit")
    session = visible_or_404(rows, request, pk)
    form = AttendanceForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        skills.note_attendance(session=session, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)
    attended = Attendance.objects.visible_to(request.user).filter(session=session)
    context = {
        "session": session,
        "form": form,
        "attended": attended.select_related("person").order_by("person__full_name", "pk"),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "staff/session_detail.html", context, status=status)


@permission("staff.edit_positions")
def career_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    step = get_object_or_404(CareerStep, pk=pk)
    form = CareerForm(request.POST or None, instance=step)
    if request.method == "POST" and form.is_valid():
        skills.change_career_step(step=step, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("staff:training"))
    cancel = reverse("staff:training")
    return form_page(request, form, title=_("Career step"), cancel_url=cancel)
