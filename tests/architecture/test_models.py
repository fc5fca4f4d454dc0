"""Every table is scoped and audited, or says here why not."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Model

from accounts.models import Client
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from tests.architecture.our_models import APPS, our_models

NOT_SCOPED = {
    "staff.Unit": "the tree itself: names of units are no secret among staff",
    "accounts.Industry": "a list to choose from, the same for everybody",
    "staff.DutyShift": "whom to call is for everybody below the unit",
    "staff.Quality": "one template of profiles for everybody",
    "staff.Course": "one catalogue for everybody",
    "staff.CareerStep": "one career path for everybody",
    "staff.PolicyVersion": "norms are for everybody",
    "staff.Position": "one table of positions for everybody",
    "staff.CalendarDay": "one calendar for everybody",
    "accounts.ReportRecipient": "one group, which only the province opens",
    "accounts.RhythmVersion": "people may see how often something is due",
    "accounts.Entitlement": "what cards include is no secret among staff",
    "analytics.BillingPeriod": "months are the same for everybody",
    "analytics.ColumnMapping": "headers of files; whoever may import uses them",
    "analytics.PeriodStep": "what happened to a month concerns everybody who sees months",
    "analytics.CriteriaVersion": "people may see what makes a class",
    "accounts.Tip": "advice is for everybody",
    "analytics.RuleVersion": "people may see the rules they are judged by",
}
# Wider than their client: who works on them sees them, whoever the client belongs to.
WIDER_THAN_CLIENT = {"complaints.Case": "handed to people and units of the whole company (ORG-08)"}
NOT_AUDITED = {
    "staff.Notification": "nothing but read or unread ever changes",
    "staff.ExportDownload": "is itself a trace",
    "accounts.StatusChange": "is itself a history",
    "staff.UnitMove": "is itself a history",
    "staff.PolicyVersion": "never edited: a change is a new version",
    "staff.Assessment": "never edited: a new one is another row",
    "staff.Score": "a part of its assessment",
    "staff.Acknowledgement": "written once, never changed",
    "staff.ListSetting": "what somebody likes to see first is nobody's business",
    "accounts.Ownership": "is itself a history",
    "accounts.HandoverShare": "written once, a part of its handover",
    "accounts.HandoverItem": "a part of its handover; the client is audited",
    "accounts.BulkItem": "a part of its change; the client is audited",
    "accounts.HandoverMove": "is itself before and after",
    "accounts.Member": "a copy of its newest bill; the bills are the history",
    "accounts.NumberReveal": "is itself a trace",
    "accounts.RecentClient": "a person's last thirty clients, for their search box only",
    "accounts.RhythmVersion": "never edited: a change is a new version",
    "analytics.ValueAssessment": "never edited: a later judgement is another row",
    "analytics.ValueDue": "made anew from class, rhythm and newest assessment",
    "accounts.FileLook": "is itself a trace",
    "accounts.RecordLook": "is itself a trace",
    "accounts.OwnerChange": "is itself a history",
    "accounts.TierTerm": "made anew from the bills",
    "complaints.CaseStep": "is itself a history",
    "complaints.LessonRead": "written once, never changed",
    "complaints.ClientLookup": "is itself a trace",
    "analytics.CriteriaVersion": "never edited: a change is a new version",
    "accounts.ConfidentialLook": "is itself a trace",
    "accounts.Merge": "carries who merged and who parted, and every step of it",
    "analytics.RuleVersion": "never edited: a change is a new version",
    "analytics.PeriodStep": "is itself a history",
    "analytics.PeriodCoverage": "counted anew from the bills",
    "analytics.BillingImport": "carries who handed it in and what became of it",
    "analytics.ColumnMapping": "carries who confirmed it last and when",
    "analytics.ImportProblem": "a part of its import",
    "analytics.DroppedFile": "written once, never changed",
    "analytics.BillingUpload": "a file on its way; the import says what became of it",
    "analytics.QuarantineLook": "is itself a trace",
    "analytics.ImportChange": "is itself before and after",
    "analytics.MemberBill": "millions a month; each row names its import, the file is kept",
    "analytics.ProductBill": "each row names its import, the file is kept",
    "analytics.Payment": "each row names its import, the file is kept",
    "analytics.BusinessHandling": "each row names its import, the file is kept",
    "analytics.DailyUsage": "millions of rows; each names its import, the file is kept",
    "analytics.ClientMonth": "made anew from the bills",
}


def labels(models: list[type[Model]]) -> set[str]:
    return {model._meta.label for model in models}


def is_scoped(model: type[Model]) -> bool:
    return isinstance(getattr(model, "scope", None), ScopePaths) and isinstance(
        model.objects.all(), ScopedQuerySet
    )


@pytest.mark.rule("P1")
def test_every_model_is_scoped_or_says_why_not():
    unscoped = labels([model for model in our_models() if not is_scoped(model)])

    assert unscoped == set(NOT_SCOPED)


def test_every_model_is_audited_or_says_why_not():
    unaudited = labels([model for model in our_models() if not hasattr(model, "pgh_event_model")])

    assert unaudited == set(NOT_AUDITED)


@pytest.mark.rule("P1")
@pytest.mark.parametrize(
    "model", [m for m in our_models() if is_scoped(m)], ids=lambda m: m.__name__
)
def test_scope_paths_lead_to_people_and_units_without_doubling_rows(model):
    scope = model.scope
    parts = [each for each in (scope, scope.also, scope.seen_like) if each]
    units = {path for each in parts for path in (each.unit, each.team, *each.other_units) if path}
    paths = [*(path for each in parts for path in each.people), *units]

    assert paths
    for path in paths:
        step = model
        if (model._meta.label, path) == ("staff.User", "pk"):
            continue  # a person is their own
        for name in path.split("__"):
            field = step._meta.get_field(name)
            assert field.many_to_one or field.one_to_one, (
                f"{path} crosses {name}, which may give several rows"
            )
            step = field.related_model
        assert step.__name__ == ("Unit" if path in units else "User")
    assert bool(scope.about) == bool(scope.seen_like)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [m for m in our_models() if is_scoped(m)], ids=lambda m: m.__name__
)
def test_every_scope_is_a_valid_query(model, supervisor):
    assert [row for row in model.objects.visible_to(supervisor) if row != supervisor] == []


def test_business_models_hang_on_the_client():
    scopes = {model._meta.label: model.scope for model in our_models() if hasattr(model, "client")}
    by_client = Client.scope.via("client")

    assert {label for label, scope in scopes.items() if scope != by_client} == set(
        WIDER_THAN_CLIENT
    )
    for label in WIDER_THAN_CLIENT:
        wider = scopes[label]
        assert set(by_client.people) < set(wider.people)
        assert (by_client.unit, by_client.for_deputies) == (wider.unit, wider.for_deputies)


# Migrations -------------------------------------------------------------------------------------

MIGRATIONS = [
    path
    for app in APPS
    for path in sorted((Path(settings.BASE_DIR) / app / "migrations").glob("0*.py"))
]


@pytest.mark.django_db
def test_migrations_are_complete(capsys):
    call_command("makemigrations", "--check", "--dry-run")


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_migration_is_named_after_its_change(path):
    name = path.stem.partition("_")[2]

    assert name
    assert not name.startswith("auto_")
    assert name != "initial"
    assert "_and_more" not in name


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_schema_and_data_are_changed_apart(path):
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert not ({"RunPython"} & calls and {"CreateModel", "AddField", "AlterField"} & calls)
