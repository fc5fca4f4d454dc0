"""Pages of clients' files: the tab, adding, a file's page, the bytes."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts import file_store
from accounts.models import ClientFile, FileLook
from staff.choices import Role
from tests import uploads
from tests.factories.accounts import ContactFactory, NoteFactory
from tests.factories.files import ClientFileFactory, FileLookFactory, PhotoFactory
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def sent(content=uploads.PDF, name="营业执照.pdf"):
    return SimpleUploadedFile(name, content)


def tab(client):
    return reverse("accounts:client_files", args=[client.pk])


def adding(client, **query):
    return reverse("accounts:file_add", args=[client.pk], query=query or None)


def read(response):
    """All bytes of a download, which closes its file."""
    return b"".join(response.streaming_content)


def page_of(file, name="detail"):
    return reverse(f"accounts:file_{name}", args=[file.pk])


# The tab ----------------------------------------------------------------------------------------


@pytest.mark.rule("ARC-18", "P1")
def test_the_tab_shows_own_files_in_the_order_of_filing(own_client, foreign_client, manager, login):
    for title, kind in [("Contract", "agreement"), ("Offer", "proposal"), ("Papers", "licence")]:
        ClientFileFactory(client=own_client, title=title, kind=kind)
    PhotoFactory(client=own_client, title="Shop front")
    ClientFileFactory(client=foreign_client, title="Stranger")
    ClientFileFactory(client=own_client, title="Old", removed_at="2026-07-06T04:00:00Z")

    html = login(manager).get(tab(own_client)).content.decode()

    titles = re.findall(r'class="file-title"[^>]*>([^<]+)<', html)
    assert titles == ["Papers", "Shop front", "Offer", "Contract"]
    assert "Stranger" not in html


def test_the_tab_is_narrowed(own_client, manager, login):
    ClientFileFactory(client=own_client, title="Papers")
    PhotoFactory(client=own_client, title="Shop front")
    ClientFileFactory(client=own_client, title="Old", removed_at="2026-07-06T04:00:00Z")
    browser = login(manager)

    photos = browser.get(tab(own_client), {"kind": "photo"}).content.decode()
    removed = browser.get(tab(own_client), {"is_removed": "true"}).content.decode()
    none = browser.get(tab(own_client), {"kind": "proposal"}).content.decode()

    assert ("Shop front" in photos, "Papers" in photos) == (True, False)
    assert ("Old" in removed, "Papers" in removed) == (True, False)
    assert "Nothing matches these filters" in none


@pytest.mark.rule("P1")
def test_the_tab_for_outsiders_and_without_right(own_client, manager, outsider, units, login):
    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.team_1)

    assert login(outsider).get(tab(own_client)).status_code == 404
    assert login(clerk).get(tab(own_client)).status_code == 403


def test_the_tab_alone_and_in_its_page(own_client, manager, province, login):
    whole = login(manager).get(tab(own_client)).content.decode()
    part = login(manager).get(tab(own_client), headers=HTMX).content.decode()
    reader = login(province).get(tab(own_client), headers=HTMX).content.decode()

    assert "<html" in whole
    assert "<html" not in part
    assert "No files yet" in part
    assert 'id="upload-form"' in part
    assert 'id="upload-form"' not in reader


def test_the_tab_costs_the_same_for_three_files(own_client, manager, login, queries_of):
    def one_more():
        contact = ContactFactory(client=own_client)
        ClientFileFactory(client=own_client, contact=contact)
        PhotoFactory(client=own_client, uploaded_by=UserFactory())

    one_more()
    browser = login(manager)
    one = queries_of(browser, tab(own_client))
    one_more()
    one_more()

    assert queries_of(browser, tab(own_client)) == one


def test_many_files_come_page_by_page(own_client, manager, login, monkeypatch):
    name = file_store.keep(uploads.PDF)
    for number in range(52):
        ClientFileFactory(client=own_client, title=f"Paper {number:02}", stored_name=name)
    browser = login(manager)

    first = browser.get(tab(own_client), headers=HTMX)
    second = browser.get(tab(own_client) + first.context_data["page"].next_url, headers=HTMX)

    assert [len(group.files) for group in first.context_data["groups"]] == [50]
    assert [len(group.files) for group in second.context_data["groups"]] == [2]


# Adding -----------------------------------------------------------------------------------------


def test_the_camera_and_the_file_button_stand_side_by_side(own_client, manager, login):
    html = login(manager).get(adding(own_client)).content.decode()

    camera, chooser = re.findall(r"<input[^>]*type=\"file\"[^>]*>", html)
    assert 'capture="environment"' in camera
    assert 'accept="image/*"' in camera
    assert "multiple" in chooser
    assert ".pdf" in chooser


@pytest.mark.rule("ARC-18")
def test_several_files_are_added_at_once(own_client, manager, login):
    files = [sent(), sent(uploads.photo(), "IMG_1.jpg")]

    response = login(manager).post(adding(own_client), {"files": files}, follow=True)

    assert response.redirect_chain == [(tab(own_client), 302)]
    assert "2 files were added." in response.content.decode()
    assert list(ClientFile.objects.order_by("filing").values_list("title", "kind")) == [
        ("IMG_1", "photo"), ("营业执照", "other"),
    ]  # fmt: skip


def test_htmx_is_sent_on_when_all_went_well(own_client, manager, login):
    response = login(manager).post(
        adding(own_client), {"files": [sent()], "kind": "licence"}, headers=HTMX
    )

    assert response.headers["HX-Redirect"] == tab(own_client)
    assert ClientFile.objects.get().kind == "licence"


@pytest.mark.rule("P33")
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_each_refused_file_says_why_and_the_others_are_kept(headers, own_client, manager, login):
    files = [sent(), sent(name="twice.pdf"), sent(b"<script>", "x.html"),
             sent(b"\0\0\0\x18ftypheic" + bytes(40), "IMG.HEIC")]  # fmt: skip

    response = login(manager).post(adding(own_client), {"files": files}, headers=headers)

    html = response.content.decode()
    assert response.status_code == 422
    assert ("<html" in html) == (not headers)
    assert ClientFile.objects.count() == 1
    for sentence in ("营业执照</a>: added", "This file is there already", "Such files are not taken",
                     "HEIC"):  # fmt: skip
        assert sentence in html


@pytest.mark.parametrize(
    ("files", "sentence"),
    [([], "choose a file first"),
     ([(uploads.PDF + b"%d\n" % n, f"{n}.pdf") for n in range(21)], "At most 20 files at once")],
)  # fmt: skip
def test_none_and_too_many(files, sentence, own_client, manager, login):
    response = login(manager).post(adding(own_client), {"files": [sent(*f) for f in files]})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert ClientFile.objects.count() == len(files[:20])


@pytest.mark.rule("P1")
def test_who_may_add(own_client, outsider, province, login):
    assert login(outsider).get(adding(own_client)).status_code == 404
    assert login(province).get(adding(own_client)).status_code == 403


def test_a_file_belongs_to_a_person_a_note_or_a_visit(own_client, manager, login):
    browser = login(manager)
    contact = ContactFactory(client=own_client, name="Wang Fang")
    note = NoteFactory(client=own_client, author=manager, text="Opens in May")
    visit = VisitFactory(client=own_client, visitor=manager)

    for number, (name, record) in enumerate(
        {"contact": contact, "note": note, "visit": visit}.items()
    ):
        url = adding(own_client, **{name: record.pk})
        form = browser.get(url)
        initial = form.context_data["upload"]["contact"].initial
        answer = browser.post(
            url,
            {"files": [sent(uploads.PDF + b"%d\n" % number, f"{name}.pdf")],
             "contact": initial.pk if initial else ""},
        )  # fmt: skip
        app = "visits:visit_files" if name == "visit" else f"accounts:{name}_files"
        card = browser.get(reverse(app, args=[record.pk])).content.decode()
        file = ClientFile.objects.get(title=name)

        assert answer.url == record.get_absolute_url()
        assert file.get_absolute_url() in card
        assert url.replace("&", "&amp;") in card
        html = browser.get(page_of(file)).content.decode()
        assert record.get_absolute_url() in html


@pytest.mark.rule("P1")
def test_a_file_cannot_be_hung_on_what_is_not_the_clients(
    own_client, foreign_client, manager, login
):
    browser = login(manager)
    theirs = VisitFactory(client=foreign_client)
    others = NoteFactory(client__owner=manager, author=manager)

    for query in ({"visit": theirs.pk}, {"note": others.pk}, {"contact": "x"},
                  {"contact": ContactFactory(client=foreign_client).pk}):  # fmt: skip
        assert browser.get(adding(own_client, **query)).status_code == 404
        assert browser.post(adding(own_client, **query), {"files": [sent()]}).status_code == 404


def test_a_card_of_files_costs_the_same_for_three(own_client, manager, login, queries_of):
    contact = ContactFactory(client=own_client)
    url = reverse("accounts:contact_files", args=[contact.pk])
    browser = login(manager)
    ClientFileFactory(client=own_client, contact=contact)
    one = queries_of(browser, url)
    ClientFileFactory.create_batch(2, client=own_client, contact=contact)

    assert queries_of(browser, url) == one


# One file ---------------------------------------------------------------------------------------


def test_the_page_of_a_file(own_client, manager, login):
    file = PhotoFactory(client=own_client, title="Shop front", taken_on=date(2026, 7, 1))

    html = login(manager).get(page_of(file)).content.decode()

    for part in ("Shop front", page_of(file, "picture"), page_of(file, "download"), "2026-07-01",
                 "640 × 480"):  # fmt: skip
        assert part in html
    assert "Taken out by" not in html


def test_a_file_is_renamed_and_filed_anew(own_client, manager, login):
    file = ClientFileFactory(client=own_client)

    wrong = login(manager).post(page_of(file, "edit"), {"title": "", "kind": "agreement"})
    login(manager).post(page_of(file, "edit"), {"title": "Contract", "kind": "agreement"})

    file.refresh_from_db()
    assert wrong.status_code == 422
    assert (file.title, file.kind, file.filing) == ("Contract", "agreement", 31)


def test_a_file_is_removed_and_brought_back(own_client, manager, login):
    browser, file = login(manager), ClientFileFactory(client=own_client)

    removed = browser.post(page_of(file, "remove"), follow=True).content.decode()
    assert "This file was removed." in removed
    assert browser.get(page_of(file, "download")).status_code == 409
    back = browser.post(page_of(file, "restore"), follow=True).content.decode()

    assert "This file was removed." not in back
    assert read(browser.get(page_of(file, "download"))) == uploads.PDF


def test_what_came_again_meanwhile_is_not_brought_back(own_client, manager, login):
    file = ClientFileFactory(client=own_client, removed_at="2026-07-06T04:00:00Z")
    ClientFileFactory(client=own_client, sha256=file.sha256, title="Newer")

    html = login(manager).post(page_of(file, "restore"), follow=True).content.decode()

    assert "This file is there already: “Newer”." in html


@pytest.mark.parametrize("action", ["edit", "remove", "restore"])
def test_readers_change_nothing(action, own_client, province, login):
    file = ClientFileFactory(client=own_client)

    assert login(province).post(page_of(file, action)).status_code == 403


# Bytes ------------------------------------------------------------------------------------------


@pytest.mark.rule("P33")
@pytest.mark.parametrize("factory", [ClientFileFactory, PhotoFactory])
def test_a_file_comes_as_attachment_and_never_runs(factory, own_client, manager, login):
    file = factory(client=own_client, title="营业执照 2026")

    response = login(manager).get(page_of(file, "download"))

    ending = file.file_type.suffixes[0]
    assert response.headers["Content-Disposition"] == (
        f"attachment; filename*=utf-8''%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7%202026{ending}"
    )
    assert response.headers["Content-Type"] == file.content_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert read(response) == file_store.content(file.stored_name)


@pytest.mark.rule("P33")
@pytest.mark.parametrize(("name", "size"), [("thumbnail", (320, 240)), ("picture", (640, 480))])
def test_only_pictures_made_anew_are_shown(name, size, own_client, manager, login):
    browser = login(manager)
    photo = PhotoFactory(client=own_client)

    response = browser.get(page_of(photo, name))

    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(read(response))).size == size
    for other in (
        ClientFileFactory(client=own_client),
        PhotoFactory(client=own_client, thumbnail_name="", prepared_at=None),
        PhotoFactory(client=own_client, scan="waiting"),
        PhotoFactory(client=own_client, removed_at="2026-07-06T04:00:00Z"),
    ):
        assert browser.get(page_of(other, name)).status_code == 404


@pytest.mark.rule("SEC-05", "P33")
@pytest.mark.parametrize("kind", ["identity", "authority", "agreement"])
def test_papers_about_people_have_no_small_picture(kind, own_client, manager, login):
    browser, photo = login(manager), PhotoFactory(client=own_client, kind=kind)

    assert page_of(photo, "thumbnail") not in browser.get(tab(own_client)).content.decode()
    assert browser.get(page_of(photo, "thumbnail")).status_code == 404
    assert not FileLook.objects.exists()


@pytest.mark.rule("P4")
def test_a_shown_picture_is_asked_for_anew_each_time(own_client, manager, login):
    browser, photo = login(manager), PhotoFactory(client=own_client)
    first = browser.get(page_of(photo, "thumbnail"))
    read(first)
    etag = {"If-None-Match": first.headers["ETag"]}

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert browser.get(page_of(photo, "thumbnail"), headers=etag).status_code == 304
    manager.is_active = False
    manager.save()
    assert browser.get(page_of(photo, "thumbnail"), headers=etag).status_code == 302


@pytest.mark.rule("SEC-05", "P34")
def test_who_took_out_a_paper_about_people_is_in_the_log(own_client, manager, supervisor, login):
    file = ClientFileFactory(client=own_client, kind="identity", title="ID of Mr Wang")
    plain = ClientFileFactory(client=own_client, title="Plain licence")
    for each in (file, plain):
        read(login(manager).get(page_of(each, "download")))
    boss = login(supervisor)

    log = boss.get(reverse("accounts:file_log")).content.decode()
    page = boss.get(page_of(file)).content.decode()

    assert FileLook.objects.count() == 1
    for part in ("ID of Mr Wang", "Ma Li", "Identity papers"):
        assert part in log
    assert "Plain licence" not in log
    assert "Taken out by" in page


@pytest.mark.rule("SEC-05")
def test_looking_at_a_photo_of_papers_is_noted_once_for_each_fetch(own_client, manager, login):
    browser, photo = login(manager), PhotoFactory(client=own_client, kind="identity")

    first = browser.get(page_of(photo, "picture"))
    etag = first.headers["ETag"]
    read(first)
    browser.get(page_of(photo, "picture"), headers={"If-None-Match": etag})

    assert FileLook.objects.count() == 1


@pytest.mark.rule("P1")
def test_the_log_shows_own_units_only(own_client, foreign_client, supervisor, manager, login):
    FileLookFactory(file=ClientFileFactory(client=own_client, title="Ours"))
    FileLookFactory(file=ClientFileFactory(client=foreign_client, title="Theirs"))
    url = reverse("accounts:file_log")

    html = login(supervisor).get(url).content.decode()
    narrowed = login(supervisor).get(url, {"way": "api"}).content.decode()
    since = login(supervisor).get(url, {"since": "2026-07-07"}).content.decode()

    assert ("Ours" in html, "Theirs" in html) == (True, False)
    assert "Ours" not in narrowed
    assert "Ours" not in since
    assert login(manager).get(url).status_code == 403


def test_the_log_costs_the_same_for_three(own_client, supervisor, login, queries_of):
    url = reverse("accounts:file_log")
    browser = login(supervisor)
    FileLookFactory(file__client=own_client)
    one = queries_of(browser, url)
    FileLookFactory(file__client=own_client)
    FileLookFactory(file__client=own_client)

    assert queries_of(browser, url) == one


# Elsewhere --------------------------------------------------------------------------------------


def test_the_timeline_and_the_tab_know_of_files(own_client, manager, login):
    ClientFileFactory(client=own_client, title="Papers", uploaded_by=manager)
    browser = login(manager)

    html = browser.get(reverse("accounts:client_timeline", args=[own_client.pk]))

    assert "Papers" in html.content.decode()
    assert (
        browser.get(reverse("accounts:client_timeline", args=[own_client.pk]), {"kind": "file"})
        .context_data["timeline"]
        .days
    )
    badges = html.context_data["head"].badges
    assert badges["files"] == 1
