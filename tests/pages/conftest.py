"""What tests of pages share."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def queries_of() -> Callable[[Browser, str], int]:
    """`queries_of(browser, url)`: how many queries the page takes, whatever was cached before."""

    def count(browser: Browser, url: str) -> int:
        assert browser.get(url).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            browser.get(url)
        return len(captured)

    return count
