"""Files in chunks over REST: resumed, repeated, in parallel, cut off, wrong."""

import hashlib
import http.client
import json
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from analytics.models import BillingImport, BillingUpload
from analytics.services import imports, uploads
from tests.factories.analytics import BillingUploadFactory

LINES = b"period,client_code,msisdn,status,total\n" + b"".join(
    b"2026-06,NEW,1380000%04d,active,10.00\n" % n for n in range(500)
)
TOTAL = len(LINES)
START = "billing-imports/uploads/"


def announcement(data=LINES, **change):
    fields = {
        "file_name": "june.csv",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "kind": "member_bill",
        "create_clients": True,
    }
    return fields | change


@pytest.fixture
def client(api, operations):
    return api(operations)


@pytest.fixture
def begun(client):
    """An announced upload: its address."""
    response = client.post(START, announcement())
    assert response.status_code == 201, response.content
    return response.headers["Location"]


def put(client, url, first, piece, total=TOTAL, **headers):
    headers = {"Content-Range": f"bytes {first}-{first + len(piece) - 1}/{total}"} | headers
    return client.browser.put(url, piece, content_type="application/octet-stream", headers=headers)


def parts():
    return sorted(path.name for path in uploads.uploads_folder().iterdir())


@pytest.fixture(autouse=True)
def _no_parts_of_others(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_an_upload_is_announced(client, operations):
    response = client.post(START, announcement(period="2026-06", complete=True))

    body = response.json()
    row = BillingUpload.objects.get()
    assert response.status_code == 201
    assert response.headers["Location"] == f"http://testserver/api/v1/{START}{row.pk}/"
    assert (body["offset"], body["chunk_size_limit"]) == (0, 16 * 1024 * 1024)
    assert (body["period"], body["complete"], body["create_clients"]) == ("2026-06", True, True)
    assert (body["billing_import"], body["status_url"]) == (None, None)
    assert row.created_by == operations
    assert timedelta(hours=23) < row.expires_at - timezone.now() <= timedelta(hours=24)


def test_chunks_make_a_file_that_is_handed_in(client, begun):
    cut = len(LINES) // 2

    first = put(client, begun, 0, LINES[:cut])
    assert (first.status_code, first.json()["offset"]) == (200, cut)
    assert first.headers["Upload-Offset"] == str(cut)
    assert not BillingImport.objects.exists()
    assert client.get(begun).json()["offset"] == cut
    second = put(client, begun, cut, LINES[cut:])

    billing_import = BillingImport.objects.get()
    body = second.json()
    assert second.status_code == 202
    assert second.headers["Retry-After"] == "2"
    assert second.headers["Location"] == body["status_url"]
    assert body["status_url"].endswith(f"/api/v1/billing-imports/{billing_import.pk}/")
    assert body["billing_import"] == str(billing_import.pk)
    with billing_import.file.open("rb") as file:
        assert file.read() == LINES
    assert billing_import.holds_thin_month  # a program does not look at the month first
    assert billing_import.sha256 == hashlib.sha256(LINES).hexdigest()
    assert imports.run_import(billing_import, now=timezone.now()).loaded == 500
    assert client.get(body["status_url"]).json()["state"] == "loaded"


@pytest.mark.django_db(transaction=True)
def test_the_part_goes_when_the_file_is_handed_in(client, begun):
    put(client, begun, 0, LINES[:100])
    assert len(parts()) == 1

    put(client, begun, 100, LINES[100:])

    assert parts() == []


@pytest.mark.rule("P26")
def test_a_chunk_sent_again_changes_nothing(client, begun):
    for _ in range(3):
        response = put(client, begun, 0, LINES[:100])
        assert (response.status_code, response.json()["offset"]) == (200, 100)
    for _ in range(2):  # the answer to the last one was lost
        response = put(client, begun, 100, LINES[100:])
        assert response.status_code == 202

    assert BillingImport.objects.count() == 1


@pytest.mark.parametrize(("first", "length"), [(200, 50), (50, 100), (101, 10)])
def test_a_gap_is_refused_with_the_offset(client, begun, first, length, assert_problem):
    put(client, begun, 0, LINES[:100])

    response = put(client, begun, first, LINES[first : first + length])

    body = assert_problem(response, 409, "wrong_offset")
    assert response.headers["Upload-Offset"] == "100"
    assert "100" in body["detail"]


def test_another_checksum_hands_nothing_in_and_starts_over(client, assert_problem):
    sent = bytearray(LINES)
    sent[-5] ^= 1
    url = client.post(START, announcement()).headers["Location"]
    put(client, url, 0, bytes(sent[:100]))

    assert_problem(put(client, url, 100, bytes(sent[100:])), 409, "checksum_differs")

    assert not BillingImport.objects.exists()
    assert client.get(url).json()["offset"] == 0
    put(client, url, 0, LINES[:100])
    assert put(client, url, 100, LINES[100:]).status_code == 202


def test_what_a_killed_server_left_behind_the_offset_is_written_over(client, begun):
    put(client, begun, 0, LINES[:100])
    with uploads.part_path(BillingUpload.objects.get()).open("ab") as part:
        part.write(b"x" * 10_000)

    assert put(client, begun, 100, LINES[100:]).status_code == 202


@pytest.mark.parametrize(
    "content_range",
    [
        "", "bytes 0-99", "bytes 0-98/18500", "bytes 0-100/18500", "bytes 99-0/18500",
        "bytes 0-99/*", "bytes=0-99/18500", "bytes 0-99/18501", "bytes -1-98/18500",
        "bytes 99999999-100000098/18500",
    ],
)  # fmt: skip
def test_a_range_that_does_not_fit_is_refused(client, content_range, assert_problem):
    url = client.post(START, announcement(size=18_500)).headers["Location"]

    response = put(client, url, 0, LINES[:100], **{"Content-Range": content_range})

    assert_problem(response, 400, "invalid_content_range")


def test_limits(client, settings, monkeypatch, assert_problem):
    settings.IMPORT_MAX_BYTES = 50_000
    monkeypatch.setattr(uploads, "CHUNK_MAX_BYTES", 1000)
    assert_problem(client.post(START, announcement(size=50_001)), 413, "body_too_large")
    url = client.post(START, announcement(size=50_000)).headers["Location"]

    response = put(client, url, 0, LINES[:1001], total=50_000)

    assert_problem(response, 413, "body_too_large")
    assert client.get(url).json()["offset"] == 0


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "photos"}, "#/kind"),
        ({"size": 0}, "#/size"),
        ({"sha256": "abc"}, "#/sha256"),
        ({"period": "June"}, "#/period"),
        ({"file_name": ""}, "#/file_name"),
        ({"colour": "red"}, "#/colour"),
    ],
)
def test_an_announcement_that_cannot_be_is_refused(client, change, pointer, assert_problem):
    body = assert_problem(client.post(START, announcement(**change)), 400, "validation_failed")

    assert [error["pointer"] for error in body["errors"]] == [pointer]


def test_a_body_of_another_type_is_refused(client, begun, assert_problem):
    response = client.browser.put(
        begun, {"a": 1}, content_type="application/json",
        headers={"Content-Range": f"bytes 0-7/{len(LINES)}"},
    )  # fmt: skip

    assert_problem(response, 415, "unsupported_media_type")


@pytest.mark.rule("P1")
def test_an_upload_is_its_authors_only(api, begun, operations, province, units, assert_problem):
    from tests.factories.staff import UserFactory  # noqa: PLC0415

    colleague = UserFactory(role="operations", unit=operations.unit)

    for person in (colleague, province):
        assert_problem(api(person).get(begun), 404, "not_found")
        assert_problem(put(api(person), begun, 0, LINES[:9]), 404, "not_found")


@pytest.mark.rule("P5")
def test_uploads_need_the_right_to_import(api, supervisor, assert_problem):
    assert_problem(api(supervisor).post(START, announcement()), 403, "permission_denied")
    own = BillingUploadFactory(created_by=supervisor, size=len(LINES))
    response = put(api(supervisor), f"/api/v1/{START}{own.pk}/", 0, LINES[:9])
    assert_problem(response, 403, "permission_denied")


def test_a_token_that_only_reads_sends_nothing(api, operations, begun, assert_problem):
    reader = api(operations, access="read")

    assert reader.get(begun).status_code == 200
    assert_problem(put(reader, begun, 0, LINES[:9]), 403, "read_only_token")


def test_too_many_unfinished_uploads(client, operations, assert_problem):
    for _ in range(uploads.MOST_OPEN):
        BillingUploadFactory(created_by=operations)

    assert_problem(client.post(START, announcement()), 409, "too_many_uploads")


def test_an_expired_upload_is_gone_and_so_are_its_bytes(client, begun, assert_problem):
    put(client, begun, 0, LINES[:100])
    now = timezone.now()
    stray = uploads.uploads_folder() / "left-by-a-kill.chunk"
    stray.write_bytes(b"x")
    os.utime(stray, (time.time() - 90_000,) * 2)
    fresh = BillingUploadFactory(expires_at=now + timedelta(days=3))
    uploads.part_path(fresh).write_bytes(b"x")
    BillingUpload.objects.exclude(pk=fresh.pk).update(expires_at=now)

    assert_problem(client.get(begun), 404, "not_found")
    assert uploads.remove_expired(now=now, by=None) == 1

    assert parts() == [f"{fresh.pk}.part"]
    assert BillingUpload.objects.get() == fresh


# A real server ----------------------------------------------------------------------------------


class Wire:
    """One real connection, with a token."""

    def __init__(self, live_server, token):
        parts = urlsplit(live_server.url)
        self.address = parts.hostname, parts.port
        self.token = token

    def send(self, method, path, body, **headers):
        wire = http.client.HTTPConnection(*self.address, timeout=30)
        try:
            wire.request(method, path, body, {"Authorization": f"Bearer {self.token}"} | headers)
            answer = wire.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            wire.close()

    def put(self, path, first, piece, total):
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes {first}-{first + len(piece) - 1}/{total}",
        }
        return self.send("PUT", path, piece, **headers)


@pytest.fixture
def wire(live_server, operations, token_of):
    return Wire(live_server, token_of(operations))


def start(wire, data):
    body = json.dumps(announcement(data)).encode()
    kind = {"Content-Type": "application/json"}
    status, answer = wire.send("POST", f"/api/v1/{START}", body, **kind)
    assert status == 201, answer
    return f"/api/v1/{START}{answer['id']}/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("P26")
def test_parallel_senders_of_the_same_chunks_make_one_file(wire):
    path, size = start(wire, LINES), 1500
    chunks = [(at, LINES[at : at + size]) for at in range(0, len(LINES), size)]

    def sender(_):
        """Like a client that knows nothing of the others: on 409 it asks where to go on."""
        at = 0
        while at < len(chunks):
            first, piece = chunks[at]
            status, body = wire.put(path, first, piece, len(LINES))
            assert status in (200, 202), body
            at += 1
        return status, body["billing_import"]

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(sender, range(4)))

    billing_import = BillingImport.objects.get()
    assert answers == {(202, str(billing_import.pk))}
    with billing_import.file.open("rb") as file:
        assert file.read() == LINES


@pytest.mark.django_db(transaction=True)
def test_a_connection_cut_off_in_a_chunk_is_taken_up_again(wire):
    path = start(wire, LINES)
    with socket.create_connection(wire.address) as line:
        head = (
            f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {wire.token}\r\n"
            f"Content-Type: application/octet-stream\r\nContent-Length: {len(LINES)}\r\n"
            f"Content-Range: bytes 0-{len(LINES) - 1}/{len(LINES)}\r\n\r\n"
        )
        line.sendall(head.encode() + LINES[:5000])
        line.shutdown(socket.SHUT_WR)
        assert b" 409 " in line.recv(65536).split(b"\r\n")[0]

    assert wire.send("GET", path, None)[1]["offset"] == 0
    assert parts() == []  # nothing of the broken chunk
    status, body = wire.put(path, 0, LINES, len(LINES))
    assert (status, body["offset"]) == (202, len(LINES))


@pytest.mark.django_db(transaction=True)
def test_a_chunk_larger_than_memory_limits_streams(wire, settings):
    """Django keeps form bodies of 5 MB in memory at most; chunks go to the disk."""
    data = LINES + b"\n" * 12_000_000
    path = start(wire, data)

    status, body = wire.put(path, 0, data, len(data))

    assert status == 202, body
    assert imports.run_import(BillingImport.objects.get(), now=timezone.now()).loaded == 500
