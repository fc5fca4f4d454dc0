"""A report as a document (ADR 0034, ADR 0048)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Report
from crm.lib.documents.content import Block, Column, Document, Grid, Section, Text
from staff.documents import Order


def build(order: Order) -> Document:
    report: Report = order.subject
    return Document(
        title=report.title,
        subtitle=report.get_kind_display(),
        confidentiality=_("Confidential: internal, not to be given to clients"),
        printed_by=order.by.full_name,
        printed_at=order.now,
        facts=_facts(report),
        sections=_sections(report),
    )


def _facts(report: Report) -> list[tuple[str, str]]:
    def time(at: object) -> str:
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""  # type: ignore[arg-type]

    return [
        (_("Client"), f"{report.about.name} ({report.about.code})" if report.about else ""),
        (_("Unit"), report.unit.name),
        (_("Author"), report.author.full_name),
        (_("Month"), f"{report.month:%Y-%m}" if report.month else ""),
        (_("We learned of it"), time(report.learned_at)),
        (_("Due"), time(report.due_at)),
        (_("State"), report.get_state_display()),
        (_("Submitted"), time(report.submitted_at)),
    ]


def _sections(report: Report) -> list[Section]:
    lines: list[Block] = [
        Grid(
            [Column(_("Finding")), Column(_("Suggested action"))],
            [[line["finding"], line["action"]] for line in report.lines],
            _("No findings"),
        )
    ]
    sections = [Section(_("Findings and suggestions"), lines)]
    if report.summary:
        sections.insert(0, Section(_("Summary"), [Text(report.summary)]))
    if report.answered_by and report.answered_at:
        who = f"{report.answered_by.full_name} · {timezone.localtime(report.answered_at):%Y-%m-%d}"
        answer: list[Block] = [Text(report.answer), Text(who, is_quiet=True)]
        sections.append(Section(_("Answer"), answer))
    return sections
