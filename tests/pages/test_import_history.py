"""The history of an import: the kept file, what it replaced, undoing it."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Client
from analytics.choices import ImportState
from analytics.models import BillingImport, MemberBill
from analytics.services import imports, undo
from tests.factories.analytics import BillingImportFactory

pytestmark = pytest.mark.django_db
LINE = "2026-06,OWN,1380000000{n},active,{total}\n"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(operations, login):
    return login(operations)


def loaded(operations, *totals, name="june.csv", **more):
    text = "period,client_code,msisdn,status,total\n"
    text += "".join(LINE.format(n=n, total=total) for n, total in enumerate(totals))
    row = BillingImportFactory(
        created_by=operations,
        file_name=name,
        file=ContentFile(text.encode(), name=name),
        **more,
    )
    return imports.run_import(row, now=timezone.now())


def page(browser, row, **headers):
    return browser.get(row.get_absolute_url(), headers=headers).content.decode()


def undo_url(row):
    return reverse("analytics:import_undo", args=[row.pk])


def test_the_page_says_until_when_it_can_be_undone_and_what_it_replaced(
    browser, operations, own_client
):
    first, second = loaded(operations, "1.00", "2.00"), loaded(operations, "3.00", "2.00")

    html = page(browser, second)

    until = timezone.localtime(second.finished_at + timedelta(days=35))
    assert f"possible until {until:%Y-%m-%d}" in html
    assert undo_url(second) in html
    assert f'{first.get_absolute_url()}" title="june.csv">#{first.number}' in html
    older = page(browser, first)
    assert undo_url(first) not in older
    assert f"Undo import #{second.number} (june.csv) first" in older
    assert second.get_absolute_url() in older


def test_confirming_names_the_consequences_and_orders_the_undo(browser, operations, own_client):
    row = loaded(operations, "1.00", "2.00", completes_period=True)

    html = browser.get(undo_url(row)).content.decode()
    response = browser.post(undo_url(row))

    assert "2 rows go." in html
    assert "Months that change: 2026-06." in html
    assert "No longer complete, and without facts and alerts: 2026-06." in html
    assert response.headers["Location"] == row.get_absolute_url()
    row.refresh_from_db()
    assert (row.state, row.undone_by) == (ImportState.UNDOING, operations)
    part = page(browser, row, **HTMX)
    assert "Being undone" in part
    assert 'hx-trigger="every 1s"' in part
    undo.run_undo(row, now=timezone.now())
    assert not MemberBill.objects.exists()
    part = page(browser, row, **HTMX)
    assert "This import was undone" in part
    assert "hx-trigger" not in part
    assert operations.full_name in part


def test_what_stayed_is_named(browser, operations, own_client):
    row = loaded(operations, "1.00")
    BillingImport.objects.update(
        state=ImportState.UNDONE,
        undone_at=timezone.now(),
        undo_report={
            "in_use": ["Shop (S1)"], "in_use_count": 1, "edited": ["Bar (B1)"], "edited_count": 1,
            "conflicts": [{"model": "accounts.client", "id": "1", "name": "Inn", "field": "name"}],
            "conflict_count": 1,
        },
    )  # fmt: skip

    html = page(browser, row)

    for text in ("Shop (S1)", "Bar (B1)", "Inn: name"):
        assert text in html


def test_an_undo_that_is_not_possible_says_why(browser, operations, own_client):
    first = loaded(operations, "1.00", "2.00")
    loaded(operations, "3.00", "2.00", name="again.csv")

    response = browser.get(undo_url(first), follow=True)
    refused = browser.post(undo_url(first))

    assert "(again.csv) first" in response.content.decode()
    assert refused.status_code == 409
    assert "(again.csv) first" in refused.content.decode()


@pytest.mark.rule("P5")
@pytest.mark.parametrize("person", ["manager", "supervisor", "province"])
def test_only_operations_undo_and_get_the_file(person, operations, own_client, request, login):
    row = loaded(operations, "1.00")
    other = login(request.getfixturevalue(person))

    assert other.get(undo_url(row)).status_code == 403
    assert other.post(undo_url(row)).status_code == 403
    assert other.get(reverse("analytics:import_original", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert row.state == ImportState.LOADED
    if person == "supervisor":
        html = page(other, row)
        assert undo_url(row) not in html
        assert "june.csv" in html


@pytest.mark.rule("P33")
def test_the_original_is_a_download_as_it_came(browser, operations, own_client):
    row = loaded(operations, "1.00", name="六月.csv")

    response = browser.get(reverse("analytics:import_original", args=[row.pk]))

    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert b"".join(response.streaming_content).startswith(b"period,client_code")


def test_without_the_file_the_page_says_so(browser, operations):
    row = BillingImportFactory(created_by=operations, file="", state=ImportState.FAILED)

    assert browser.get(reverse("analytics:import_original", args=[row.pk])).status_code == 404
    assert "no longer kept" in page(browser, row)


def test_the_list_is_filtered_by_month_and_person(browser, operations, supervisor, own_client):
    row = loaded(operations, "1.00")
    other = BillingImportFactory(created_by=supervisor, file_name="other.csv")
    url = reverse("analytics:import_list")

    by_month = browser.get(url, {"period": "2026-06"}).content.decode()
    by_person = browser.get(url, {"created_by": supervisor.pk}).content.decode()

    assert (row.file_name in by_month, other.file_name in by_month) == (True, False)
    assert (row.file_name in by_person, other.file_name in by_person) == (False, True)


def test_detail_asks_as_often_for_three_as_for_one(browser, operations, own_client, queries_of):
    first = loaded(operations, "1.00", "2.00")
    second = loaded(operations, "3.00", "2.00")
    one = queries_of(browser, second.get_absolute_url())
    for _ in range(2):
        last = loaded(operations, "3.00", "2.00")
    BillingImport.objects.filter(pk=last.pk).update(
        replaced_imports=[first.number, second.number, last.number - 1]
    )

    assert queries_of(browser, last.get_absolute_url()) == one
    assert Client.objects.count() == 1
