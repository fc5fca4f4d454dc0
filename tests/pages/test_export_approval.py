"""Files with the data of many people: a second person, the log, and what a file leaves behind."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from crm.lib.views import ScopedListView
from staff import badges, documents, exporting
from staff.choices import ExportState, Role
from staff.exceptions import ExportDecided, ExportNeedsReason, OutOfReach, OwnDecision
from staff.models import Export, ExportDownload, Notification
from staff.selectors.exports import approvers_of, waiting_count
from staff.services import exports
from staff.tasks import expire_exports_task, run_export_task
from tests.architecture.test_addresses import ADDRESSES
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory
from tests.factories.staff import ExportFactory, UserFactory
from tests.pages.test_exports import content, fetch, order, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P34", "SEC-08")]
NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)
CONTACTS = "accounts:contact_list"


@pytest.fixture(autouse=True)
def _two_are_many(settings):
    settings.EXPORT_APPROVAL_ROWS = 2


@pytest.fixture
def contacts(own_client):
    return [ContactFactory(client=own_client) for _ in range(3)]


def url(name: str, export: Export) -> str:
    return reverse(f"staff:export_{name}", args=[export.pk])


def ordered(browser, list_name=CONTACTS, **more) -> Export:
    """Ordered, and looked at by the job."""
    order(browser, list_name, **more)
    export = Export.objects.latest("created_at")
    run_export_task(str(export.pk))
    export.refresh_from_db()
    return export


def waiting(owner, **fields) -> Export:
    fields = {"rows": 3, "personal": ["name"], "expires_at": NOW + timedelta(days=3)} | fields
    return ExportFactory(owner=owner, list_name=CONTACTS, state=ExportState.APPROVAL, **fields)


def news(person) -> list[str]:
    return list(Notification.objects.filter(recipient=person).values_list("kind", flat=True))


# Who has to ask ----------------------------------------------------------------------------------


def test_many_people_wait_for_a_second_person(contacts, manager, supervisor, login):
    browser = login(manager)

    export = ordered(browser)

    assert (export.state, export.rows, export.file.name) == (ExportState.APPROVAL, 3, "")
    assert {"name", "masked_mobile", "spoken_birthday"} <= set(export.personal)
    assert "title" not in export.personal
    assert browser.get(url("download", export)).status_code == 404
    assert news(supervisor) == ["export-waiting"]
    assert news(manager) == []
    run_export_task(str(export.pk))  # a task that comes twice
    assert Export.objects.get().file.name == ""


def test_up_to_the_limit_nobody_is_asked(contacts, manager, login):
    contacts[0].delete()

    export = ordered(login(manager))

    assert (export.state, export.rows) == (ExportState.DONE, 2)


def test_rows_without_people_need_nobody(manager, login):
    for _ in range(3):
        ClientFactory(owner=manager)

    export = ordered(login(manager), "accounts:client_list")

    assert (export.state, export.rows, export.personal) == (ExportState.DONE, 3, [])


def test_a_document_about_many_people_waits_too(contacts, own_client, manager, login):
    browser = login(manager)
    form = {"format": "docx", "reason": "audit", "audience": "internal"}
    browser.post(reverse("accounts:client_dossier", args=[own_client.pk]), form)
    export = Export.objects.get()

    run_export_task(str(export.pk))

    export.refresh_from_db()
    assert (export.state, export.rows) == (ExportState.APPROVAL, 3)
    assert "mobile" in export.personal


def test_columns_chosen_after_the_order_do_not_count(contacts, manager, login):
    browser = login(manager)
    browser.post(reverse("staff:list_columns", args=[CONTACTS]), {"column": ["title"], "show": ["title"]})  # fmt: skip
    order(browser, CONTACTS)
    browser.post(reverse("staff:list_columns", args=[CONTACTS]), {"column": ["masked_mobile"], "show": ["masked_mobile"]})  # fmt: skip
    export = Export.objects.get()

    run_export_task(str(export.pk))

    export.refresh_from_db()
    assert export.personal == ["name"]


# Deciding ----------------------------------------------------------------------------------------


def test_an_approval_writes_the_file(contacts, manager, supervisor, login):
    export = ordered(login(manager))
    boss = login(supervisor)
    assert export.reason in boss.get(reverse("staff:export_queue")).content.decode()
    assert "Approve" in boss.get(url("detail", export)).content.decode()

    response = boss.post(url("approve", export))

    assert response.headers["Location"] == reverse("staff:export_queue")
    assert (news(manager), Export.objects.get().decided_by) == (["export-approved"], supervisor)
    run_export_task(str(export.pk))
    export.refresh_from_db()
    assert export.state == ExportState.DONE
    assert len(rows_of(fetch(login(manager)))) == 4
    assert boss.get(url("download", export)).status_code == 404
    event = export.events.filter(state=ExportState.QUEUED).latest("pgh_id")
    assert event.pgh_context.metadata["verb"] == "staff.approve_export"


def test_an_approval_covers_what_was_asked_for(contacts, manager, supervisor, login):
    export = ordered(login(manager))
    exports.approve_export(export=export, note="", now=export.created_at, by=supervisor)
    ContactFactory(client=contacts[0].client)

    run_export_task(str(export.pk))

    export.refresh_from_db()
    assert (export.state, export.rows, export.decided_by) == (ExportState.APPROVAL, 4, None)
    assert news(supervisor) == ["export-waiting"] * 2


def test_a_refusal_says_why(contacts, manager, supervisor, login):
    export = ordered(login(manager))
    boss = login(supervisor)
    assert boss.post(url("refuse", export), {"note": " "}).status_code == 422

    boss.post(url("refuse", export), {"note": "Ask for fewer"})

    run_export_task(str(export.pk))
    export.refresh_from_db()
    assert (export.state, export.decided_by, export.file.name) == (
        ExportState.REFUSED, supervisor, "",
    )  # fmt: skip
    assert news(manager) == ["export-refused"]
    assert "Ask for fewer" in login(manager).get(reverse("staff:export_list")).content.decode()
    assert boss.post(url("approve", export)).status_code == 409


def test_nobody_decides_about_their_own(supervisor, province):
    for person in (supervisor, province):
        export = waiting(person)
        assert not Export.objects.to_be_decided_by(person).filter(pk=export.pk).exists()
        with pytest.raises(OwnDecision):
            exports.approve_export(export=export, note="", now=NOW, by=person)


def test_supervisors_do_not_approve_each_other(supervisor, province, units):
    other = UserFactory(role=Role.SUPERVISOR, unit=units.city_1)
    above = UserFactory(role=Role.SUPERVISOR, unit=units.province)
    export = waiting(other)

    with pytest.raises(OutOfReach):
        exports.approve_export(export=export, note="", now=NOW, by=supervisor)

    assert approvers_of(other) == [province, above]
    exports.refuse_export(export=export, note="no", now=NOW, by=above)


@pytest.mark.parametrize("who", ["peer", "operations", "outsider"])
def test_those_beside_decide_nothing(who, manager, request):
    export = waiting(manager)

    with pytest.raises(OutOfReach):
        exports.approve_export(export=export, note="", now=NOW, by=request.getfixturevalue(who))


@pytest.mark.rule("P1")
def test_the_boss_of_the_other_city_sees_nothing(manager, units, login):
    export = waiting(manager, expires_at=NOW + timedelta(days=9999))
    boss = UserFactory(role=Role.SUPERVISOR, unit=units.city_2)
    browser = login(boss)

    for name in ("detail", "approve", "refuse"):
        assert browser.get(url(name, export)).status_code in {404, 405}
        assert browser.post(url(name, export)).status_code == 404
    assert waiting_count(boss, NOW) == 0
    with pytest.raises(OutOfReach):
        exports.approve_export(export=export, note="", now=NOW, by=boss)


def test_told_are_the_nearest_above(manager, units, province):
    assert approvers_of(manager) == [province]
    near = UserFactory(role=Role.SUPERVISOR, unit=units.city_1)
    UserFactory(role=Role.SUPERVISOR, unit=units.province)
    UserFactory(role=Role.SUPERVISOR, unit=units.city_2)
    UserFactory(role=Role.SUPERVISOR, unit=units.team_1, is_active=False)

    assert approvers_of(manager) == [near]
    assert approvers_of(province) == []


def test_late_is_late(manager, supervisor, login):
    export = waiting(manager, expires_at=NOW)
    for decide in (exports.approve_export, exports.refuse_export):
        with pytest.raises(ExportDecided):
            decide(export=export, note="x", now=NOW, by=supervisor)
    assert waiting_count(supervisor, NOW) == 0

    expire_exports_task()
    expire_exports_task()

    export.refresh_from_db()
    assert (export.state, news(manager)) == (ExportState.EXPIRED, ["export-expired"])
    assert "Approve" not in login(supervisor).get(url("detail", export)).content.decode().replace(
        "Approve exports", ""
    )


def test_what_is_in_time_stays(manager, supervisor):
    export = waiting(manager, expires_at=NOW + timedelta(seconds=1))

    assert exports.expire_exports(now=NOW, by=None) == 0
    assert waiting_count(supervisor, NOW) == 1
    assert Export.objects.get(pk=export.pk).state == ExportState.APPROVAL


def test_a_refusal_without_a_word_is_none(manager, supervisor):
    with pytest.raises(ExportNeedsReason):
        exports.refuse_export(export=waiting(manager), note=" ", now=NOW, by=supervisor)


def test_the_menu_counts_what_waits(manager, supervisor, login):
    waiting(manager, expires_at=NOW + timedelta(days=9999))

    assert badges.count_for("staff:export_queue", supervisor) == 1
    assert badges.count_for("staff:export_queue", manager) is None
    html = login(supervisor).get(reverse("staff:task_list")).content.decode()
    assert '<span class="badge tone-danger ms-auto">1</span>' in html
    assert "Approve exports" not in login(manager).get("/clients/").content.decode()


# The log -----------------------------------------------------------------------------------------


def test_the_log_has_everything(contacts, own_client, manager, supervisor, login, settings):
    settings.EXPORT_APPROVAL_ROWS = 9
    browser = login(manager)
    order(browser, CONTACTS, query=f"q={contacts[0].name}", reason="Cards for the new year")
    written = content(fetch(browser))
    export = Export.objects.get()
    boss = login(supervisor)

    page = boss.get(url("detail", export)).content.decode()
    log = boss.get(reverse("accounts:export_log")).content.decode()

    assert export.checksum == hashlib.sha256(written).hexdigest()
    for said in ("Ma Li", "Cards for the new year", contacts[0].name, "Mobile", export.checksum):
        assert said in page
    for said in ("Ma Li", "Cards for the new year", "Contacts", "Mobile"):
        assert said in log
    download = ExportDownload.objects.get()
    assert (download.export, download.downloaded_by) == (export, manager)
    assert "Download</a>" not in page
    assert "Download</a>" in browser.get(url("detail", export)).content.decode()


@pytest.mark.parametrize(
    "write",
    [
        lambda rows: rows.delete(),
        lambda rows: rows.update(reason="Nicer"),
        lambda rows: rows.update(query="q=nobody"),
        lambda rows: ExportDownload.objects.update(downloaded_at=NOW),
        lambda rows: ExportDownload.objects.all().delete(),
    ],
)
def test_the_log_cannot_be_rewritten(write, manager):
    export = ExportFactory(owner=manager)
    exports.note_download(export=export, now=NOW, by=manager)
    ExportDownload.objects.get()

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        write(Export.objects.filter(pk=export.pk))


def test_old_files_go_and_the_log_stays(own_client, manager, login, settings):
    browser = login(manager)
    order(browser)
    assert rows_of(fetch(browser))
    export = Export.objects.get()
    name = export.file.name
    later = export.finished_at + timedelta(days=settings.EXPORT_FILE_DAYS)

    exports.expire_exports(now=later, by=None)
    assert Export.objects.get().file.name == name
    settings.EXPORT_FILE_DAYS = 0
    exports.expire_exports(now=later + timedelta(days=99), by=None)
    assert Export.objects.get().file.name == name
    settings.EXPORT_FILE_DAYS = 30
    exports.expire_exports(now=later + timedelta(seconds=1), by=None)

    export.refresh_from_db()
    assert (export.file.name, export.state) == ("", ExportState.DONE)
    assert export.checksum
    assert browser.get(url("download", export)).status_code == 404


def test_a_detail_takes_as_many_queries_for_many_downloads(manager, login, queries_of):
    export = ExportFactory(owner=manager)
    browser = login(manager)
    exports.note_download(export=export, now=NOW, by=manager)
    for_one = queries_of(browser, url("detail", export))
    for _ in range(2):
        exports.note_download(export=export, now=NOW, by=manager)

    assert queries_of(browser, url("detail", export)) == for_one


# Nothing leaves undeclared -----------------------------------------------------------------------

LISTS = {
    name: view.view_class
    for name, _, view in ADDRESSES
    if issubclass(getattr(view, "view_class", object), ScopedListView)
    and view.view_class.export_right
}


def test_every_list_that_is_exported_says_what_is_personal():
    assert "accounts:member_list" in LISTS

    undeclared = {n for n, view in LISTS.items() if view.table_class.personal is None}
    unknown = {
        f"{name}: {column}"
        for name, view in LISTS.items()
        for column in (view.table_class.personal or ())
        if column not in view.table_class.base_columns
    }

    assert (undeclared, unknown) == (set(), set())


def test_every_document_says_what_is_personal():
    assert {name for name, kind in documents.KINDS.items() if kind.personal is None} == set()


# Words that name a person or reach one, in the columns of exported lists.
TELLTALE = ("contact", "mobile", "phone", "landline", "birthday", "masked", "msisdn", "actual_user",
            "registered_owner", "e_mail", "email")  # fmt: skip

# Columns that sound so and are not.
HARMLESS = {"first_contact_at": "when a case began"}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_columns_that_sound_personal_are_declared(name):
    table = LISTS[name].table_class
    sounding = {c for c in table.base_columns if any(word in c for word in TELLTALE)}

    assert sounding - set(HARMLESS) <= set(table.personal or ())


def test_the_members_of_a_client_count_as_people(own_client, manager, login):
    for _ in range(3):
        MemberFactory(client=own_client)

    export = ordered(login(manager), "accounts:member_list")

    assert export.state == ExportState.APPROVAL
    assert exporting.personal_labels(export)[0] == "Number"
