"""A photo from the phone, papers dropped on the page, a large photo made anew by the worker."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Client, ClientFile
from staff.models import User
from tests import uploads
from tests.e2e.conftest import DESKTOP, PHONE, Worker
from tests.e2e.test_wf1 import overflow
from tests.factories.accounts import ClientFactory

pytestmark = pytest.mark.rule("P33")
DROP = """(zone) => {
  const data = new DataTransfer();
  data.items.add(new File(["电话 1860"], "通知.txt", {type: "text/plain"}));
  data.items.add(new File(["<svg/>"], "picture.svg", {type: "image/svg+xml"}));
  for (const name of ["dragover", "drop"])
    zone.dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def client(manager: User) -> Client:
    return ClientFactory(name="Harbour Group", owner=manager)


def test_a_large_photo_from_the_phone(
    client: Client, manager: User, sign_in: Callable[..., Page], worker: Worker
) -> None:
    page = sign_in(manager, viewport=PHONE)
    page.goto(f"/clients/{client.pk}/files/")
    assert overflow(page) == 0

    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": uploads.photo((2600, 1950))}
    page.locator("input[capture]").set_input_files([photo])
    expect(page.locator(".upload-chosen")).to_contain_text("IMG_1.jpg")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.locator(".file-tile")).to_contain_text("IMG_1")
    page.get_by_role("link", name="IMG_1").click()
    for _ in range(20):
        if page.locator("img.file-whole").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    loaded = page.locator("img.file-whole").evaluate("(image) => image.naturalWidth")
    assert loaded == 2048
    assert ClientFile.objects.get().state == "ready"


def test_papers_are_dropped_and_one_is_refused(
    client: Client, manager: User, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(manager, viewport=DESKTOP)
    page.goto(f"/clients/{client.pk}/files/")

    page.locator("[data-upload-zone]").evaluate(DROP)
    expect(page.locator(".upload-chosen li")).to_have_count(2)
    page.get_by_role("button", name="Add", exact=True).click()

    outcomes = page.locator(".upload-outcomes li")
    expect(outcomes).to_have_text([re.compile("通知: added"), re.compile("picture.svg.*not taken")])
    with page.expect_download() as download:
        page.goto(f"/clients/{client.pk}/files/")
        page.get_by_role("link", name="Download 通知").click()
    assert download.value.suggested_filename == "通知.txt"
