"""Files of clients over REST."""

import uuid
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import ClientFile, FileLook
from tests import uploads
from tests.factories.accounts import ContactFactory
from tests.factories.files import ClientFileFactory, PhotoFactory

NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


def pdf(content=uploads.PDF, name="执照.pdf"):
    return SimpleUploadedFile(name, content)


def test_lists_show_own_files_only(api, manager, own_client, foreign_client, assert_problem):
    mine = ClientFileFactory(client=own_client)
    other = ClientFileFactory(client=foreign_client)
    removed = ClientFileFactory(client=own_client, removed_at=NOW)
    me = api(manager)

    assert [row["id"] for row in me.get("client-files/").json()["results"]] == [str(mine.pk)]
    rows = me.get("client-files/", is_removed="true").json()["results"]
    assert [row["id"] for row in rows] == [str(removed.pk)]
    assert_problem(me.get(f"client-files/{other.pk}/"), 404, "not_found")


@pytest.mark.rule("ARC-18")
def test_they_are_filtered_and_filed(api, manager, own_client):
    contact = ContactFactory(client=own_client)
    for title, kind in [("Vertrag", "agreement"), ("Papers", "licence"), ("Offer", "proposal")]:
        ClientFileFactory(client=own_client, title=title, kind=kind)
    ClientFile.objects.filter(title="Offer").update(contact=contact)
    me = api(manager)

    def titles(**query):
        return [row["title"] for row in me.get("client-files/", **query).json()["results"]]

    assert titles() == ["Papers", "Offer", "Vertrag"]
    assert titles(kind=["agreement", "proposal"]) == ["Offer", "Vertrag"]
    assert titles(contact=contact.pk) == ["Offer"]
    assert titles(q="vertr") == ["Vertrag"]


def test_a_file_is_sent_once_however_often(api, manager, own_client):
    me, pk = api(manager), uuid.uuid4()
    fields = {"id": pk, "client": own_client.pk, "kind": "licence", "taken_on": "2026-05-01"}

    first, second = (me.upload("client-files/", file=pdf(), **fields) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    body = first.json()
    assert first.headers["Location"].endswith(f"/api/v1/client-files/{pk}/")
    assert {name: body[name] for name in ("title", "content_type", "state", "taken_on")} == {
        "title": "执照", "content_type": "application/pdf", "state": "ready",
        "taken_on": "2026-05-01",
    }  # fmt: skip
    assert ClientFile.objects.count() == 1


@pytest.mark.rule("P33")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"<html>", "file_type_refused"),
        (b"MZ" + bytes(9), "file_type_refused"),
    ],
)
def test_what_is_not_taken_says_why(content, code, api, manager, own_client, assert_problem):
    response = api(manager).upload("client-files/", client=own_client.pk, file=pdf(content))

    assert_problem(response, 409, code)


@pytest.mark.rule("P33")
def test_a_body_that_is_too_large_is_not_read(api, manager, own_client, settings, assert_problem):
    settings.FILE_MAX_BYTES = 100

    response = api(manager).upload(
        "client-files/", client=own_client.pk, file=pdf(uploads.PDF + b"0" * 70_000)
    )

    assert_problem(response, 413, "body_too_large")


def test_sending_needs_the_right_and_the_client(
    api, province, manager, own_client, foreign_client, assert_problem
):
    refused = api(province).upload("client-files/", client=own_client.pk, file=pdf())
    unseen = api(manager).upload("client-files/", client=foreign_client.pk, file=pdf())
    read_only = api(manager, access="read").upload(
        "client-files/", client=own_client.pk, file=pdf()
    )

    assert_problem(refused, 403, "permission_denied")
    assert_problem(unseen, 400, "validation_failed")
    assert read_only.status_code == 403
    assert not ClientFile.objects.exists()


def test_a_file_is_described_removed_and_restored(api, manager, own_client, foreign_client):
    me = api(manager)
    file = ClientFileFactory(client=own_client)
    path = f"client-files/{file.pk}/"
    stranger = ContactFactory(client=foreign_client)

    changed = me.patch(path, {"title": "Contract", "kind": "agreement"}).json()

    assert (changed["title"], changed["kind"]) == ("Contract", "agreement")
    assert me.patch(path, {"contact": stranger.pk}).status_code == 400
    assert me.patch(path, {"sha256": "0"}).status_code == 400
    assert me.post(f"{path}remove/", {}).json()["state"] == "removed"
    assert me.post(f"{path}restore/", {}).json()["state"] == "ready"


@pytest.mark.rule("P33", "SEC-05")
def test_bytes_are_fetched_as_attachment_and_noted(api, manager, own_client, assert_problem):
    me = api(manager)
    file = ClientFileFactory(client=own_client, kind="agreement", title="合同")

    response = me.get(f"client-files/{file.pk}/download/")

    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == uploads.PDF
    assert FileLook.objects.get().way == "api"
    waiting = PhotoFactory(client=own_client, prepared_at=None)
    assert_problem(me.get(f"client-files/{waiting.pk}/download/"), 409, "file_not_ready")
