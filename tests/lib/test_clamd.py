"""The client of ClamAV, against a server that speaks its protocol."""

import pytest

from crm.lib.clamd import Address, ScannerUnavailable, address_of, scan
from tests.clamav import running_scanner
from tests.uploads import EICAR

pytestmark = pytest.mark.rule("P33")


@pytest.fixture
def scanner():
    with running_scanner() as server:
        yield server


def test_clean_bytes_are_clean(scanner):
    content = b"x" * 200_000  # several pieces

    assert scan(content, scanner.url) == ""
    assert scanner.scanned == [200_000]


def test_a_virus_is_named(scanner):
    assert scan(b"before " * 20_000 + EICAR, scanner.url) == "Eicar-Test-Signature"


def test_what_the_scanner_does_not_take_is_not_clean(scanner):
    with pytest.raises(ScannerUnavailable, match="size limit"):
        scan(b"x" * 1_000_001, scanner.url)


def test_without_a_scanner_nothing_is_known(tmp_path):
    with running_scanner() as server:
        url = server.url
    for gone in (url, f"unix://{tmp_path}/none.sock"):
        with pytest.raises(ScannerUnavailable):
            scan(b"x", gone, seconds=1)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("tcp://scanner", Address("scanner")),
        ("tcp://10.0.0.1:99", Address("10.0.0.1", 99)),
        ("unix:///run/clamd.ctl", Address(path="/run/clamd.ctl")),
    ],
)
def test_addresses(url, address):
    assert address_of(url) == address


@pytest.mark.parametrize(
    "url", ["", "scanner:3310", "http://scanner", "unix://run/clamd", "tcp://"]
)
def test_wrong_addresses_are_refused(url):
    with pytest.raises(ValueError, match="CLAMAV_URL"):
        address_of(url)
